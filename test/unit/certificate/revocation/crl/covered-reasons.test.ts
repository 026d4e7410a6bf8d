import { expect, it } from 'vitest'
import { parseCertificate } from '../../../../../src/certificate/parse/parse-certificate.ts'
import {
  ALL_REASONS,
  type DistributionPointName,
} from '../../../../../src/certificate/parse/read-distribution-point.ts'
import { coveredReasons, pointsOf } from '../../../../../src/certificate/revocation/crl/covered-reasons.ts'
import { parseCrl } from '../../../../../src/certificate/revocation/crl/parse-crl.ts'
import { mintCrl } from '../../../../support/mint-crl.ts'
import { generalName, pointName } from '../../../../support/mint-extensions.ts'
import { der } from '../../../../support/write-der.ts'
import { issuing, mintClient } from './crl-fixture.ts'

const { uri, directory } = generalName

/** The same name, which tells whenever its names are read. */
function watched(name: DistributionPointName, onRead: () => void): DistributionPointName {
  return new Proxy(name, {
    get: (target, property) => {
      if (property === 'names') onRead()
      return Reflect.get(target, property) as unknown
    },
  })
}

it('makes the keys of the names in a scope once, not for every point of a certificate', async () => {
  const places = Array.from({ length: 63 }, (_, number) => [pointName(uri(`http://a/${String(number)}`))])
  const certificate = parseCertificate((await mintClient(...places, [pointName(uri('http://b/'))])).der)
  const crl = parseCrl(mintCrl(issuing, { scope: [pointName(uri('http://b/'), uri('http://c/'))] }))
  const { issuingDistributionPoint: scope } = crl
  if (!scope?.name) throw new Error('not minted')
  let reads = 0
  const watchedScope = { ...scope, name: watched(scope.name, () => (reads += 1)) }
  const reasons = pointsOf(certificate).map((point) =>
    coveredReasons({ ...crl, issuingDistributionPoint: watchedScope }, point, certificate),
  )
  expect(reasons).toEqual([...places.map(() => 0), ALL_REASONS, 0])
  expect(reads).toBe(0)
})

it('makes the keys of the names of a point once, however many sign its lists', async () => {
  const signers = Array.from({ length: 9 }, (_, number) => directory([['CN', String(number)]]))
  const parsed = parseCertificate((await mintClient([pointName(uri('http://b/')), der(0xa2, ...signers)])).der)
  const [point] = parsed.crlDistributionPoints
  if (!point?.name) throw new Error('not minted')
  let reads = 0
  const name = watched(point.name, () => (reads += 1))
  const [first] = pointsOf({ ...parsed, crlDistributionPoints: [{ ...point, name }] })
  expect([...(first?.nameKeys ?? [])]).toEqual(['uri:http://b/'])
  expect(reads).toBe(1)
})
