import { freezeDeep } from './freeze-deep.ts'

/** Exists for the compiler alone: a spread or a literal never has a private field, so it has not this type either. */
declare class Seal<Name extends string> {
  readonly #name: Name
}

/**
 * A value that only the function which verified it can make. Later stages take nothing weaker, so that forwarding from raw input, or
 * from a copy of an approval with something changed, does not compile; what a cast smuggles past the compiler, `demandProof` finds.
 */
export type Proven<Name extends string, Facts> = Readonly<Facts> & Seal<Name>

/** Every proof there is, by identity: a copy is none, however it was made. */
const PROOFS = new WeakMap<object, string>()

/** Makes a proof of facts that were just verified, frozen to the bottom; a test (test/architecture) names the one file for each name. */
export function prove<Name extends string, Facts extends object>(name: Name, facts: Facts): Proven<Name, Facts> {
  const proof = freezeDeep({ ...facts })
  PROOFS.set(proof, name)
  return proof as Proven<Name, Facts>
}

/** @throws TypeError when the value was not made by `prove` under that name (a forged or copied proof) */
export function demandProof<Name extends string>(name: Name, value: Proven<Name, object>): void {
  if (PROOFS.get(value) !== name) throw new TypeError(`not a proof of ${name}`)
}
