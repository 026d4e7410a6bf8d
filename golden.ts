import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFaults } from './src/document/write-faults.ts'
import { loadPolicies } from './src/policy/load-policies.ts'
const B = '/tmp/wt/types/test/unit/policy/broken'
for (const n of readdirSync(B)) { const f = join(B, n); const { faults } = await loadPolicies(join(f, 'policies')); writeFileSync(join(f, 'report.txt'), writeFaults(faults, 'nothing loaded').replaceAll(`${f}/`, '')) }
