const OWNER = /^[A-Za-z0-9_-]{1,128}$/
const MAX_VALUE_LENGTH = 4096

/** @throws RangeError a programmer's error: owners are made by the gateway, and Redis keeps owner and value in one text */
export function checkOwner(owner: string): void {
  if (!OWNER.test(owner)) throw new RangeError('an owner is 1 to 128 letters, digits, "-" and "_"')
}

/** @throws RangeError */
export function checkValue(value: string): void {
  if (value.length > MAX_VALUE_LENGTH) throw new RangeError(`a value has at most ${MAX_VALUE_LENGTH} characters`)
}

/** @throws RangeError for zero above all: with Redis an entry would be gone at once and protect nothing */
export function checkLifetime(milliseconds: number): void {
  if (!Number.isSafeInteger(milliseconds) || milliseconds < 1) {
    throw new RangeError('a lifetime is a whole number of milliseconds, from 1')
  }
}

const NAME = /^[A-Za-z0-9_-]{43}$/
const MAX_RECORD_LENGTH = 400_000

/** @throws RangeError */
export function checkName(name: string): void {
  if (!NAME.test(name)) throw new RangeError('the name of a record is a digest of 43 letters, digits, "-" and "_"')
}

/** @throws RangeError */
export function checkRecord(value: string): void {
  if (value === '' || value.length > MAX_RECORD_LENGTH)
    throw new RangeError(`a record has 1 to ${MAX_RECORD_LENGTH} characters`)
}
