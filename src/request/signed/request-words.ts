import type { SignedThing } from '../../signature/signed-thing.ts'

/** How refusals speak of requests that are signed. */
export const SIGNED_REQUEST: SignedThing = {
  name: 'the request',
  at: 'request',
  signer: 'the software',
  reasons: {
    malformed: 'request-signature-malformed',
    headerForbidden: 'request-header-forbidden',
    algorithmForbidden: 'request-algorithm-forbidden',
    keyUnknown: 'request-key-unknown',
    keysUnavailable: 'request-keys-unavailable',
    certificateUntrusted: 'request-certificate-untrusted',
    signatureInvalid: 'request-signature-invalid',
    tooOld: 'request-too-old',
    fromFuture: 'request-from-future',
    expired: 'request-expired',
    claimInvalid: 'request-claim-invalid',
  },
}
