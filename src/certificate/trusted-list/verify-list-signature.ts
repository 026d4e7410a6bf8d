import type { KeyLike } from 'node:crypto'
import type { XmlElement } from '@xmldom/xmldom/lib/index.js'
import { SignedXml, type HashAlgorithm, type SignatureAlgorithm } from 'xml-crypto'
import { checkSignatureForm } from './check-signature-form.ts'
import { ListFault } from './list-fault.ts'
import type { ListSigner } from './parse-signers.ts'
import { ENVELOPED, EXCLUSIVE_C14N, INCLUSIVE_C14N } from './signature-element.ts'
import {
  DIGEST_METHODS,
  digestBase64,
  SIGNATURE_METHODS,
  verifyWithMethod,
  type SignatureMethod,
} from './signature-methods.ts'

export interface SignedList {
  /** The canonical form that was signed; facts are read from this and from nothing else. */
  readonly canonical: string
  readonly signer: ListSigner
}

/**
 * Verifies the signature of a list with pinned keys alone. Certificates that the list brings along are not looked at: anyone can put
 * theirs there.
 *
 * @throws ListFault
 */
export function verifyListSignature(text: string, root: XmlElement, signers: readonly ListSigner[]): SignedList {
  const { signature, listReference } = checkSignatureForm(root)
  const pinned = new PinnedKeys(signers)
  const library = restrictedLibrary(pinned)
  library.loadSignature(signature)
  if (!holds(library, text)) throw pinned.wasAsked ? foreign(signers) : altered()
  const canonical = library.getSignedReferences()[listReference]
  if (canonical === undefined || pinned.signer === null) throw altered()
  return { canonical, signer: pinned.signer }
}

/** What the library throws quotes the list, and whatever it throws means that nothing is shown to be signed. */
function holds(library: SignedXml, text: string): boolean {
  try {
    return library.checkSignature(text)
  } catch {
    return false
  }
}

/** Stands in the library's place for a key, so that several may be pinned and that it is known which one signed. */
class PinnedKeys {
  readonly #signers: readonly ListSigner[]
  signer: ListSigner | null = null
  /** The library asks for the key after all digests were right. */
  wasAsked = false

  constructor(signers: readonly ListSigner[]) {
    this.#signers = signers
  }

  verify(method: SignatureMethod, material: string, value: string): boolean {
    this.wasAsked = true
    const [signed, signature] = [Buffer.from(material, 'utf8'), Buffer.from(value, 'base64')]
    this.signer = this.#signers.find(({ key }) => verifyWithMethod(method, key, signed, signature)) ?? null
    return this.signer !== null
  }
}

/** Knows no algorithm besides those allowed here; SHA-1 is among what it brings. */
function restrictedLibrary(pinned: PinnedKeys): SignedXml {
  // It demands a key before it verifies anything; the one given is not used.
  const library = new SignedXml({ publicCert: 'pinned', getCertFromKeyInfo: () => null })
  const { CanonicalizationAlgorithms: known } = library
  library.CanonicalizationAlgorithms = Object.fromEntries(
    [ENVELOPED, EXCLUSIVE_C14N, INCLUSIVE_C14N].flatMap((name) => {
      const algorithm = known[name]
      return algorithm === undefined ? [] : [[name, algorithm]]
    }),
  )
  library.HashAlgorithms = Object.fromEntries(
    Array.from(DIGEST_METHODS, ([name, digest]) => [
      name,
      class implements HashAlgorithm {
        getAlgorithmName = () => name
        getHash = (xml: string) => digestBase64(digest, xml)
      },
    ]),
  )
  library.SignatureAlgorithms = Object.fromEntries(
    Array.from(SIGNATURE_METHODS, ([name, method]) => [name, signatureAlgorithm(name, method, pinned)]),
  )
  return library
}

function signatureAlgorithm(name: string, method: SignatureMethod, pinned: PinnedKeys): new () => SignatureAlgorithm {
  return class implements SignatureAlgorithm {
    getAlgorithmName = () => name
    verifySignature = (material: string, _: KeyLike, value: string) => pinned.verify(method, material, value)
    getSignature = (): never => {
      throw new TypeError('lists are verified here, not signed')
    }
  }
}

function foreign(signers: readonly ListSigner[]): ListFault {
  const names = signers.map(({ name }) => name).join(' or ')
  const hint = 'compare the SHA-256 of the pinned certificate with the one that the scheme publishes'
  return new ListFault({ wanted: `a signature by ${names}`, found: 'one by another key', at: 'Signature', hint })
}

function altered(): ListFault {
  const hint = 'fetch it again from where the scheme publishes it'
  return new ListFault({ wanted: 'the list as it was signed', found: 'one that was altered since', hint })
}
