import { describe, expect, it } from 'vitest'
import { parsePemBundle } from '../../../../src/certificate/trust/parse-pem-bundle.ts'

const block = (label: string, ...lines: string[]): string =>
  [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')

describe('parsePemBundle', () => {
  it('gives every block with its label and line, whatever stands between them', () => {
    const text = `Bag Attributes\n  x: y\n${block('CERTIFICATE', 'AAEC', 'Aw==')}comment\n${block('PRIVATE KEY', 'BAU=')}`
    expect(parsePemBundle(text)).toEqual([
      { label: 'CERTIFICATE', line: 3, der: Buffer.of(0, 1, 2, 3) },
      { label: 'PRIVATE KEY', line: 8, der: Buffer.of(4, 5) },
    ])
  })

  it('takes line ends of Windows and spaces after the base64', () => {
    expect(parsePemBundle(block('CERTIFICATE', 'AAEC ', 'Aw== ').replaceAll('\n', '\r\n'))[0]?.der).toEqual(
      Buffer.of(0, 1, 2, 3),
    )
  })

  it.each([
    ['is not closed', '-----BEGIN CERTIFICATE-----\nAAEC\n'],
    ['is closed by another label', '-----BEGIN CERTIFICATE-----\nAAEC\n-----END PRIVATE KEY-----\n'],
    ['begins anew before it ends', `-----BEGIN CERTIFICATE-----\nAAEC\n-----BEGIN CERTIFICATE-----\n`],
    ['holds no base64', block('CERTIFICATE', 'A*EC')],
    ['holds base64 that is cut off', block('CERTIFICATE', 'AAECA')],
    ['holds padding inside', block('CERTIFICATE', 'AA==AAEC')],
    ['is empty', block('CERTIFICATE')],
  ])('has no bytes for a block that %s', (_, text) => {
    expect(parsePemBundle(text)[0]).toMatchObject({ line: 1, der: null })
  })

  it('goes on after a block that is not closed', () => {
    const [broken, whole] = parsePemBundle(`-----BEGIN CERTIFICATE-----\nAAEC\n${block('CERTIFICATE', 'AAEC')}`)
    expect([broken?.der, whole?.der, whole?.line]).toEqual([null, Buffer.of(0, 1, 2), 3])
  })

  it('finds nothing where there is nothing', () => {
    expect(parsePemBundle('')).toEqual([])
    expect(parsePemBundle(' -----BEGIN CERTIFICATE-----')).toEqual([])
  })
})
