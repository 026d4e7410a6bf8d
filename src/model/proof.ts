declare const proof: unique symbol

/**
 * A value that only the function which verified it can make: the symbol is not exported, so no literal has this type, and a test
 * (test/architecture) names the one file that may cast to each proof. Later stages take nothing weaker, so that forwarding from
 * raw input does not compile.
 */
export type Proven<Name extends string, Facts> = Readonly<Facts> & { readonly [proof]: Name }
