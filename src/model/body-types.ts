import type { EndpointTraits } from './endpoint-traits.ts'
import type { Operation } from './operation.ts'

/** Of bodies that nobody signed; no policy takes signed ones under it. */
export const JSON_TYPE = 'application/json'

/**
 * What the body of an operation may be announced as. A type is read as signed or as unsigned whichever endpoint takes it, so that any
 * of those that take it may read it for the others.
 */
export function bodyTypes(
  { contentTypes, signatureMode }: Pick<EndpointTraits, 'contentTypes' | 'signatureMode'>,
  operation: Operation,
): readonly string[] {
  const mode = signatureMode[operation]
  return contentTypes.filter((type) => mode !== (type === JSON_TYPE ? 'required' : 'forbidden'))
}
