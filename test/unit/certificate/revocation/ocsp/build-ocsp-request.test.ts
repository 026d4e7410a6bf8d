import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fromBER } from 'asn1js'
import { OCSPRequest } from 'pkijs'
import { afterAll, describe, expect, it } from 'vitest'
import { parseCertificate } from '../../../../../src/certificate/parse/parse-certificate.ts'
import { buildOcspRequest } from '../../../../../src/certificate/revocation/ocsp/build-ocsp-request.ts'
import type { IssuedCertificate } from '../../../../../src/certificate/revocation/revocation-status.ts'
import { mintAuthority, mintClientCertificate, type MintOptions } from '../../../../support/mint-certificates.ts'
import { linkOf } from './ocsp-fixture.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'ocsp-request-'))
afterAll(() => rm(folder, { recursive: true }))

const authority = await mintAuthority()
const mintLink = async (options: MintOptions = {}) => linkOf(await mintClientCertificate(authority, options), authority)

/** Zero and negative ones, which no library mints; the signature is of no concern to a question. */
function withSerialByte({ certificate, issuer }: IssuedCertificate, byte: string): IssuedCertificate {
  const hex = certificate.der.toString('hex').replace('a00302010202017f', `a0030201020201${byte}`)
  return { certificate: parseCertificate(Buffer.from(hex, 'hex')), issuer }
}

/** What OpenSSL reads in a request. */
async function readByOpenssl(request: Buffer): Promise<string> {
  const path = join(folder, 'request.der')
  await writeFile(path, request)
  return (await run('openssl', ['ocsp', '-reqin', path, '-req_text', '-noverify'])).stdout
}

/** What OpenSSL itself would ask. */
async function writtenByOpenssl(link: IssuedCertificate, hash: string): Promise<string> {
  const [issuer, certificate] = [join(folder, 'issuer.der'), join(folder, 'certificate.der')]
  await Promise.all([writeFile(issuer, link.issuer.der), writeFile(certificate, link.certificate.der)])
  const names = ['-issuer', issuer, `-${hash}`, '-cert', certificate]
  return (await run('openssl', ['ocsp', ...names, '-no_nonce', '-req_text'])).stdout
}

describe('an OCSP request', () => {
  it.each(['sha1', 'sha256'] as const)('asks what OpenSSL asks, with %s', async (hash) => {
    const link = await mintLink({ serialNumber: '00b1f2c3d4e5f60718' })
    const own = await readByOpenssl(buildOcspRequest(link, null, hash))
    expect(own).toBe(await writtenByOpenssl(link, hash))
    expect(own).toContain(`Hash Algorithm: ${hash}`)
    expect(own).toContain('Serial Number: B1F2C3D4E5F60718')
  })

  it.each([
    ['7f', '7F'],
    ['00', '00'],
    ['80', '-80'],
    ['ff', '-01'],
  ])('writes the serial number %s as the certificate has it', async (serialNumber, expected) => {
    const link = withSerialByte(await mintLink({ serialNumber: '7f' }), serialNumber)
    const own = await readByOpenssl(buildOcspRequest(link, null))
    expect(own).toBe(await writtenByOpenssl(link, 'sha1'))
    expect(own).toContain(`Serial Number: ${expected}\n`)
  })

  it('writes a serial number whose first bit is set as the positive number that it is', async () => {
    const link = await mintLink({ serialNumber: '0080' })
    expect(await readByOpenssl(buildOcspRequest(link, null))).toContain('Serial Number: 80\n')
  })

  it('uses SHA-1 for naming unless told otherwise, as RFC 5019 says', async () => {
    expect(await readByOpenssl(buildOcspRequest(await mintLink(), null))).toContain('Hash Algorithm: sha1')
  })

  it('carries the nonce as OpenSSL and pkijs read it', async () => {
    const nonce = Buffer.alloc(32, 0xa5)
    const request = buildOcspRequest(await mintLink(), nonce)
    expect(await readByOpenssl(request)).toMatch(/OCSP Nonce:\s+0420(A5){32}/)
    const parsed = new OCSPRequest({ schema: fromBER(new Uint8Array(request).buffer).result })
    expect(parsed.tbsRequest.requestExtensions?.map(({ extnID }) => extnID)).toEqual(['1.3.6.1.5.5.7.48.1.2'])
    expect(parsed.tbsRequest.requestList).toHaveLength(1)
  })

  it.each([0, 33])('refuses a nonce of %i bytes (RFC 8954)', async (size) => {
    const link = await mintLink()
    expect(() => buildOcspRequest(link, Buffer.alloc(size))).toThrow(RangeError)
  })
})
