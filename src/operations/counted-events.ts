/** What `dcr_events_total` counts; the gateway's log has the same words, with what is known of each. */
export const COUNTED_EVENTS = {
  'handshake-failed': 'a TLS handshake of a registrant failed; counted alone, not logged',
  'certificate-verdicts-disagree': 'OpenSSL and the gateway disagree on a client certificate; the request is refused',
  'error-answer-failed': 'a policy could not write a refusal in its own form; the form of RFC 7591 was answered',
  renewed: 'trusted issuers and certificate of the gateway were read anew',
  'renewal-refused': 'what was to be read anew has faults; everything stays as it was',
  'directory-keys-fetched': 'the keys of a directory were fetched',
  'directory-keys-failed': 'the keys of a directory could not be fetched, or not used',
  'software-keys-fetched': 'the keys of a software were fetched, for a signed request',
  'software-keys-failed': 'the keys of a software could not be fetched, or not used',
  'registration-answered-again':
    'a registration came again, and got the answer that its first attempt may not have got',
  'management-token-succeeded':
    'a registrant came with a token whose successor had gone out in an answer that he did not get; it works for him a while longer',
  'registration-rolled-back': 'a client that its registrant could not use was removed from the identity server',
  'registration-settled': 'what a registration of unknown end may have left behind was looked for; nothing is left',
  'registration-unsettled': 'a registration may have left a client behind, and it could not be looked for or removed',
  'registration-undelivered': 'the registrant went away before the whole answer to a registration was written',
  'registration-unrecorded':
    'a registration, or a new token of a client, was carried out without a record of it, since the state was unavailable or another request had it',
  'reservation-lost': 'what may be used once could not be given back, or used up, as it should',
  'crl-fetched': 'a CRL was fetched and accepted',
  'crl-failed': 'a CRL could not be fetched, or not used',
  'ocsp-fetched': 'an OCSP answer was fetched and accepted',
  'ocsp-failed': 'an OCSP answer could not be fetched, or not used',
  'revocation-queue-full': 'more certificates are to be asked about than may wait; further ones are not',
  'revocation-host-rests': 'a host of CRLs or OCSP answers failed so often that it is left alone for a while',
  'revocation-folder-failed': 'the folder of CRLs and OCSP answers cannot be read or written; memory goes on',
  fetched: 'a document that a decision needs was fetched and accepted',
  'fetch-failed': 'such a document could not be fetched, or not used',
  'fetch-stale-used': 'one that was fetched before goes on serving, since no newer one can be had',
  'fetch-host-rests': 'a host of such documents or of keys was silent so often that it is left alone for a while',
  'fetch-turned-away': 'so much is being fetched that further documents or keys were not',
  'revocation-file-ignored': 'a file in that folder is damaged or not ours',
} as const satisfies Readonly<Record<string, string>>

export type CountedEvent = keyof typeof COUNTED_EVENTS
