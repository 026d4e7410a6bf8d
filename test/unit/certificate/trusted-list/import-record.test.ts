import { beforeAll, describe, expect, it } from 'vitest'
import { parseImportRecord } from '../../../../src/certificate/trusted-list/import-record.ts'
import { attempt, faultsOf, mintScene, NOW, planOf, type Attempt, type Scene } from './list-fixture.ts'

let scene: Scene
const faults = (how: Partial<Attempt>): readonly string[] => faultsOf(scene.list, { pem: scene.operator.pem, ...how })

beforeAll(async () => {
  scene = await mintScene()
})

describe('the record of an import', () => {
  it('tells what was imported, and reads it again', () => {
    const { record, files } = planOf(scene.list, { pem: scene.operator.pem })
    expect(JSON.parse(record)).toMatchObject({
      operator: 'Scheme Operator',
      nextUpdate: '2027-03-31T00:00:00.000Z',
      listSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      importedAsOf: NOW.toISOString(),
      serviceType: 'ca-qc',
      for: 'web',
      counts: { services: 1, taken: 1, certificates: 1, leftOut: 0 },
    })
    expect(parseImportRecord(Buffer.from(record))).toEqual({
      territory: 'BE',
      sequenceNumber: 7,
      issued: new Date('2026-10-01T00:00:00Z'),
      files: files.map(({ name }) => name),
    })
  })

  it.each(['', '{}', '[]', '{"format":"dcr-gateway/trusted-list-import/v1"}', '{"format":"x","territory":"BE"}', '{'])(
    'takes %j for no record of an import',
    (text) => {
      expect(parseImportRecord(Buffer.from(text))).toBeNull()
    },
  )
})

describe('an import over an earlier one', () => {
  const earlier = (sequenceNumber: number, issued = '2026-10-01T00:00:00Z', territory = 'BE') =>
    ({
      kind: 'imported',
      record: { territory, sequenceNumber, issued: new Date(issued), files: ['a.pem'] },
      files: ['a.pem'],
    }) as const

  it('is refused when the list is older by number or by date, unless that is allowed', () => {
    for (const state of [earlier(8), earlier(7, '2026-10-02T00:00:00Z')]) {
      const [fault, ...more] = faults({ state })
      expect(fault).toMatch(
        /^be.xml: wanted sequence number [78] of .* or a later one, found 7 of 2026-10-01T00:00:00.000Z$/,
      )
      expect(more).toEqual([])
      expect(attempt(scene.list, { pem: scene.operator.pem, state, allowOlder: true })).toHaveProperty('files')
    }
  })

  it('is taken when the list is the same or newer', () => {
    for (const state of [earlier(7), earlier(6, '2026-09-01T00:00:00Z')])
      expect(attempt(scene.list, { pem: scene.operator.pem, state })).toHaveProperty('files')
  })

  it('is refused when the folder holds the list of another territory, older ones allowed or not', () => {
    expect(faults({ state: earlier(1, '2026-09-01T00:00:00Z', 'FR'), allowOlder: true })).toEqual([
      'be.xml: wanted the list of FR, which the folder holds, found that of BE',
    ])
  })

  it('is refused when somebody put roots of their own there', () => {
    expect(faults({ state: { ...earlier(7), files: ['a.pem', 'own.pem'] } })).toEqual([
      'trust: wanted nothing in roots/ but what an import wrote, found own.pem',
    ])
  })
})
