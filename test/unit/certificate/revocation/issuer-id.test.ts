import { expect, it } from 'vitest'
import { parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import { issuerId } from '../../../../src/certificate/revocation/store/issuer-id.ts'
import { mintAuthority, type AuthorityOptions } from '../../../support/mint-certificates.ts'

const idOf = async (options: AuthorityOptions): Promise<string> =>
  issuerId(parseCertificate((await mintAuthority(options)).der))

it('is the same for a renewed certificate, and another for another key or another name', async () => {
  const subject = [['CN', 'Issuing']] as const
  const first = await idOf({ subject, keyLabel: 'issuer id' })
  expect(await idOf({ subject, keyLabel: 'issuer id', serialNumber: '77' })).toBe(first)
  expect(await idOf({ subject, keyLabel: 'another' })).not.toBe(first)
  expect(await idOf({ subject: [['CN', 'Other']], keyLabel: 'issuer id' })).not.toBe(first)
})
