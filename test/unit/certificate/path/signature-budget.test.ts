import { expect, it } from 'vitest'
import { parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../../../src/certificate/parse/parsed-certificate.ts'
import { NO_POLICY_DEMANDED } from '../../../../src/certificate/path/path-inputs.ts'
import { SignatureBudget } from '../../../../src/certificate/path/signature-budget.ts'
import { verifyPath } from '../../../../src/certificate/path/verify-path.ts'
import { mintAuthority, mintClientCertificate, type MintedCertificate } from '../../../support/mint-certificates.ts'

const parse = ({ der }: MintedCertificate): ParsedCertificate => parseCertificate(der)

it('computes as many signatures as it may, and none twice', async () => {
  const [root, other] = [await mintAuthority(), await mintAuthority()]
  const anchor = parse(root)
  const [first, second] = [parse(await mintClientCertificate(root)), parse(await mintClientCertificate(root))]
  const budget = new SignatureBudget(2)
  expect(budget.verify(first, anchor)).toBe(true)
  expect(budget.verify(first, parse(other))).toBe(false)
  expect(budget.verify(second, anchor)).toBeNull()
  expect(budget.verify(first, anchor)).toBe(true)
  expect(new SignatureBudget(1).verify(second, anchor)).toBe(true)
})

it('ends a path for which nothing is left', async () => {
  const root = await mintAuthority()
  const client = parse(await mintClientCertificate(root))
  const path = { client, intermediates: [], anchor: parse(root) }
  const failure = verifyPath(path, { inputs: NO_POLICY_DEMANDED, profile: [] }, new SignatureBudget(0))
  expect(failure).toMatchObject({
    remaining: 0,
    problem: { reason: 'client-certificate-signature-invalid', found: 'more possible issuers than are tried' },
  })
})
