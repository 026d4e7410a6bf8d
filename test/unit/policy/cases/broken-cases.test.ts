import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeFaults } from '../../../../src/document/write-faults.ts'
import { testPolicies } from '../../../../src/policy/cases/test-policies.ts'

const BROKEN = join(import.meta.dirname, 'broken')
const broken = await readdir(BROKEN)

describe('faults of cases.yaml', () => {
  it.each(broken)('are reported as broken/%s/report.txt says, and nothing is tested', async (name) => {
    const folder = join(BROKEN, name)
    const { faults, tested } = await testPolicies(join(folder, 'policies'))
    const report = writeFaults(faults, 'not tested').replaceAll(`${folder}/`, '')
    expect(report).toBe(await readFile(join(folder, 'report.txt'), 'utf8'))
    expect(tested).toEqual([])
  })
})
