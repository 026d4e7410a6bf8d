import { hintAt, nearestName } from '../../document/nearest-name.ts'
import { UNDECLARED, type ExpressionProblem } from './inspect-expression.ts'

/** Names that other languages have for functions of CEL. */
const HABITS: Readonly<Record<string, string>> = {
  ...{ length: 'size', len: 'size', count: 'size' },
  ...{ toLowerCase: 'lowerAscii', lower: 'lowerAscii', toUpperCase: 'upperAscii', upper: 'upperAscii' },
  ...{ every: 'all', some: 'exists', any: 'exists', find: 'filter', includes: 'contains', test: 'matches' },
}
/** Plain text, as opposed to something that was meant as an expression. */
const TEXT = /^[\p{L}\p{N}][\p{L}\p{N} ,_.:/@+#-]*$/u

/** Where a policy declares what stands behind a name. */
const DECLARED_UNDER: Readonly<Record<string, string>> = {
  ...{ statement: 'softwareStatement.claims', 'request.claims': 'signedRequest.claims' },
  ...{
    metadata: 'members',
    requested: 'members',
    parameters: 'parameters',
    variables: 'variables',
    lookups: 'lookups',
  },
}
const OWNER = /(?:^|[^\w.?])(request\.claims|\w+)\.\??$/

/** What expressions of a policy may name. */
export interface LegalNames {
  /** Every name that is declared somewhere, functions included. */
  readonly all: readonly string[]
  /** Where a field of that name stands, such as `metadata`. */
  readonly ownersOf: (name: string) => readonly string[]
  readonly isFieldOf: (owner: string, name: string) => boolean
}

/** What the author of an expression most likely meant to write, or null. `text` is the whole of it, `wanted` the types it may have. */
export function suggest(
  problem: ExpressionProblem,
  text: string,
  wanted: readonly string[],
  legal: LegalNames,
): string | null {
  const hints = [
    ...nameHint(problem, text, legal),
    ...(problem.hint === undefined ? [] : [problem.hint]),
    ...textHint(problem, text, wanted, legal),
    ...(/optional[<.]/.test(problem.found) ? ['use .orValue(...)'] : []),
  ]
  return hints.length === 0 ? null : hints.slice(0, 2).join(' or ')
}

function nameHint({ misspelt, wanted, offset }: ExpressionProblem, text: string, legal: LegalNames): readonly string[] {
  if (misspelt === undefined) return []
  const owner = OWNER.exec(text.slice(0, offset))?.[1] ?? ''
  const declaredUnder = Object.hasOwn(DECLARED_UNDER, owner) ? DECLARED_UNDER[owner] : undefined
  if (wanted === UNDECLARED && declaredUnder !== undefined && !legal.all.includes(misspelt))
    return fieldHint(misspelt, owner, declaredUnder, legal)
  const near = nearest(misspelt, legal)
  if (near === null) return []
  if (near !== misspelt) return [`did you mean ${near}?`]
  if (misspelt === 'contains') return ['of a list ask: value in list']
  // A function that exists, for other types than these; its name alone would be a riddle as a hint.
  if (wanted !== UNDECLARED) return []
  if (misspelt === 'size') return ['write size(...)']
  const owners = legal.ownersOf(misspelt).map((owner) => `${owner}.${misspelt}`)
  return owners.length === 0 ? [] : [`did you mean ${owners.join(' or ')}?`]
}

/** A field is near to fields of the same thing alone: `or` is a name, and yet no claim. */
function fieldHint(
  misspelt: string,
  owner: string,
  declaredUnder: string,
  { all, isFieldOf }: LegalNames,
): readonly string[] {
  const fields = all.filter((name) => isFieldOf(owner, name))
  const near = nearestName(misspelt, fields)
  return [hintAt(near) ?? `declare it under ${declaredUnder}`]
}

function nearest(misspelt: string, { all }: LegalNames): string | null {
  if (all.includes(misspelt)) return misspelt
  return Object.hasOwn(HABITS, misspelt) ? (HABITS[misspelt] ?? null) : nearestName(misspelt, all)
}

/** Texts need quotes of their own within those of YAML. */
function textHint(
  { misspelt, standsAlone = false }: ExpressionProblem,
  text: string,
  wanted: readonly string[],
  legal: LegalNames,
): readonly string[] {
  if (misspelt !== undefined && legal.all.includes(misspelt)) return []
  const isLost = standsAlone && misspelt !== undefined && nearest(misspelt, legal) === null
  if (isLost && text !== misspelt) return [`for the text write "${misspelt}"`]
  // Something with a declared name and a member of it was meant as an expression.
  if (legal.all.includes(/^(\w+)[.(]/.exec(text)?.[1] ?? '')) return []
  if (wanted.includes('list<string>') && TEXT.test(text) && misspelt === undefined)
    return [`for a list of one text write '["${text}"]'`]
  const takesText = wanted.length === 0 || wanted.includes('string')
  if (takesText && TEXT.test(text) && (misspelt === undefined || misspelt === text))
    return [`for the text write '"${text}"'`]
  return []
}
