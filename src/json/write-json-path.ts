/** Member names and array indexes, outermost first. */
export type JsonPath = readonly (string | number)[]

const NAME_LIMIT = 64
const PATH_LIMIT = 200

/**
 * Writes `redirect_uris[1]` or `jwks["a b"].kid`, the empty text for the root. Names come from whoever wrote the document, so that odd
 * ones are quoted in printable ASCII and long ones cut: nothing in them can forge a line of a log.
 */
export function writeJsonPath(path: JsonPath): string {
  const text = path.map(writeStep).join('').replace(/^\./, '')
  return text.length <= PATH_LIMIT ? text : `${text.slice(0, PATH_LIMIT)}...`
}

function writeStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`
  if (/^[\w-]{1,64}$/.test(step)) return `.${step}`
  const quoted = JSON.stringify(step.slice(0, NAME_LIMIT)).replace(/[^\x20-\x7e]/g, escapeUnit)
  return step.length <= NAME_LIMIT ? `[${quoted}]` : `[${quoted}...]`
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
