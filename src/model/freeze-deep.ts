/** Freezes plain objects and arrays to the bottom. Dates, buffers and secrets stay as they are: freezing those changes nothing, or throws. */
export function freezeDeep<Value extends object>(value: Value): Value {
  Object.freeze(value)
  for (const member of Object.values(value) as unknown[]) if (isUnfrozen(member)) freezeDeep(member)
  return value
}

/** What is frozen already was frozen here, or is meant to be shared: it is not walked through again for every request. */
function isUnfrozen(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
}
