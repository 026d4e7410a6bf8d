import { escapeControls } from '../document/escape-controls.ts'
import { formatPath } from '../document/key-path.ts'
import { countOf } from '../document/write-faults.ts'
import type { LoadedCases } from '../policy/cases/load-cases.ts'
import type { CaseResult, CasesReport } from '../policy/cases/run-cases.ts'
import type { CompiledPolicy } from '../policy/compiled-policy.ts'

export function isGreen({ given, results, uncovered }: CasesReport): boolean {
  return given === null && uncovered.length === 0 && results.every(({ problem }) => problem === null)
}

/** What became of the cases of one policy: a line for the whole, and one for everything that is not as it should be. */
export function writeCasesReport(policy: CompiledPolicy, cases: LoadedCases, report: CasesReport): string {
  const { given, results, uncovered } = report
  const failed = results.filter(({ problem }) => problem !== null)
  const outcome =
    given === null
      ? `${results.length - failed.length} of ${results.length} cases as they should`
      : 'no case was run, since what is given is itself refused'
  const lines = [
    `${isGreen(report) ? '✔' : '✖'} ${policy.name} ${policy.version}: ${countOf(policy.rules.length, 'rule')}, ${outcome}`,
    ...(given === null ? [] : [`  ✖ ${placeOf(cases, ['given'])} given: ${given}`]),
    ...failed.map((result) => writeFailure(cases, result)),
    ...uncovered.map(({ rule, missing }) => `  ✖ rule ${rule} has not ${missing}`),
  ]
  return lines.map((line) => `${escapeControls(line)}\n`).join('')
}

function writeFailure(cases: LoadedCases, { path, name, operation, problem }: CaseResult): string {
  return `  ✖ ${placeOf(cases, path)} ${formatPath(path)} ${name} (${operation}): ${problem ?? ''}`
}

/** File and line as editors and terminals make links of them. */
function placeOf({ file, locate }: LoadedCases, path: readonly (string | number)[]): string {
  return `${file}:${locate(path).line}`
}
