import { describe, expect, it } from 'vitest'
import { buildPaths } from '../../../../src/certificate/path/build-paths.ts'
import { parseCertificate } from '../../../../src/certificate/parse/parse-certificate.ts'
import type { ParsedCertificate } from '../../../../src/certificate/parse/parsed-certificate.ts'
import {
  mintAuthority,
  mintClientCertificate,
  type MintedCertificate,
  type Subject,
} from '../../../support/mint-certificates.ts'
import { trustOf } from '../chain-fixture.ts'

const NAME: Subject = [['CN', 'Everybody']]
const parse = ({ der }: MintedCertificate): ParsedCertificate => parseCertificate(der)
const mintMany = (count: number, options: object): Promise<MintedCertificate[]> =>
  Promise.all(Array.from({ length: count }, () => mintAuthority({ subject: NAME, ...options })))

describe('buildPaths', () => {
  it('tries the issuer whose key identifier fits before others of its name', async () => {
    const twins = await mintMany(3, {})
    for (const twin of twins) {
      const client = parse(await mintClientCertificate(twin))
      const { candidates } = buildPaths(client, [], trustOf(twins))
      expect(candidates).toHaveLength(3)
      expect(candidates[0]?.anchor.der).toEqual(twin.der)
    }
  })

  it('tries what is held before what is presented', async () => {
    const root = await mintAuthority()
    const held = await mintAuthority({ issuer: root, subject: NAME, keyLabel: 'same' })
    const presented = await mintAuthority({ issuer: root, subject: NAME, keyLabel: 'same' })
    const { candidates } = buildPaths(
      parse(await mintClientCertificate(held)),
      [parse(presented)],
      trustOf([root], [held]),
    )
    expect(candidates.map(({ intermediates }) => intermediates[0]?.der)).toEqual([held.der, presented.der])
  })

  it('does not walk in circles', async () => {
    const one = await mintAuthority({ subject: [['CN', 'One']], issuerName: [['CN', 'Two']] })
    const two = await mintAuthority({ subject: [['CN', 'Two']], issuerName: [['CN', 'One']] })
    const client = parse(await mintClientCertificate(one))
    const { candidates, deadEnd } = buildPaths(client, [parse(one), parse(two)], trustOf([]))
    expect(candidates).toEqual([])
    expect(deadEnd.der).toEqual(two.der)
  })

  it('passes over a second certificate for the same name and key, but not for another key', async () => {
    const root = await mintAuthority({ subject: [['CN', 'Root']] })
    const first = await mintAuthority({ issuer: root, subject: NAME, keyLabel: 'a', issuerName: NAME })
    const copy = await mintAuthority({ issuer: root, subject: NAME, keyLabel: 'a' })
    const other = await mintAuthority({ issuer: root, subject: NAME, keyLabel: 'b' })
    const client = parse(await mintClientCertificate(first))
    const pathsThrough = (...presented: MintedCertificate[]): number[] =>
      buildPaths(client, presented.map(parse), trustOf([root])).candidates.map(
        ({ intermediates }) => intermediates.length,
      )
    expect(pathsThrough(first, copy)).toEqual([1])
    expect(pathsThrough(first, other)).toEqual([2, 1])
  })

  it('gives at most 16 candidates', async () => {
    const anchors = await mintMany(20, {})
    const client = parse(await mintClientCertificate(anchors[0] ?? (await mintAuthority())))
    expect(buildPaths(client, [], trustOf(anchors)).candidates).toHaveLength(16)
  })

  it('gives up on certificates that all seem to issue each other, of which there are more orders than anybody could look at', async () => {
    const tangle = (await mintMany(40, {})).map(parse)
    const client = parse(await mintClientCertificate(await mintAuthority({ subject: NAME })))
    const { candidates, deadEnd } = buildPaths(client, tangle, trustOf([]))
    expect(candidates).toEqual([])
    expect(tangle).toContain(deadEnd)
  })
})
