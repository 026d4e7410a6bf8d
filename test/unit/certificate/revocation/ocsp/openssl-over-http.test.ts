import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildOcspRequest } from '../../../../../src/certificate/revocation/ocsp/build-ocsp-request.ts'
import { checkOcspResponse } from '../../../../../src/certificate/revocation/ocsp/check-ocsp-response.ts'
import { parseOcspResponse } from '../../../../../src/certificate/revocation/ocsp/parse-ocsp-response.ts'
import type { RevocationStatus } from '../../../../../src/certificate/revocation/revocation-status.ts'
import type { EgressRequest, EgressRules } from '../../../../../src/egress/egress-rules.ts'
import { fetchBounded } from '../../../../../src/egress/fetch-bounded.ts'
import { mintAuthority, mintClientCertificate, type MintedCertificate } from '../../../../support/mint-certificates.ts'
import { linkOf, mintDelegate, RULES } from './ocsp-fixture.ts'
import { openOpensslResponder, type OpensslResponder } from '../../../../support/openssl-responder.ts'

const authority = await mintAuthority()
const [good, revoked] = await Promise.all([mintClientCertificate(authority), mintClientCertificate(authority)])
const entries = [{ certificate: good }, { certificate: revoked, revokedFor: 'superseded' }]
const EGRESS: EgressRules = {
  ...{ schemes: ['http'], allowedHosts: ['127.0.0.1'], allowedPorts: null, allowPrivateAddresses: true, ca: null },
  ...{ timeoutMs: 5_000, sizeLimitBytes: 65_536 },
}

let responder: OpensslResponder
let url: string

beforeAll(async () => {
  responder = await openOpensslResponder(authority, entries, await mintDelegate(authority))
  url = await responder.serve()
})

afterAll(() => responder.stop())

async function ask(certificate: MintedCertificate): Promise<RevocationStatus> {
  const link = linkOf(certificate, authority)
  const nonce = Buffer.alloc(32, 9)
  const request: EgressRequest = {
    ...{ url, accept: 'application/ocsp-response' },
    ...{ method: 'POST', body: buildOcspRequest(link, nonce), contentType: 'application/ocsp-request' },
  }
  const response = parseOcspResponse(await fetchBounded(request, EGRESS))
  return checkOcspResponse(response, link, { ...RULES, nonce, nonceMode: 'required', now: new Date() })
}

describe('the responder of OpenSSL, asked over http', () => {
  it('calls a certificate good', async () => {
    expect(await ask(good)).toMatchObject({ kind: 'good', source: 'ocsp' })
  })

  it('calls a certificate revoked', async () => {
    expect(await ask(revoked)).toMatchObject({ kind: 'revoked', reason: 'superseded' })
  })
})
