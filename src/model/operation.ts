/** What a registrant asks for: RFC 7591 section 3.1 (create), RFC 7592 sections 2.1 to 2.3 (read, update, delete). */
export const OPERATIONS = ['create', 'read', 'update', 'delete'] as const

export type Operation = (typeof OPERATIONS)[number]

/** Create and update carry metadata (and usually a software statement); read and delete carry no body at all. */
export function carriesMetadata(operation: Operation): boolean {
  return operation === 'create' || operation === 'update'
}
