import { escapeControls } from '../document/escape-controls.ts'
import { formatPath } from '../document/key-path.ts'
import type { Fault } from '../model/fault.ts'
import type { PoliciesTested, TestedPolicy } from '../policy/cases/test-policies.ts'

interface JunitCase {
  readonly name: string
  readonly file: string
  readonly line: number
  /** Null when it passed. */
  readonly failure: string | null
}

/** The outcome as JUnit XML, the form that build servers read: a suite for each policy, and one for faults of files if there are any. */
export function writeJunit({ tested, faults }: PoliciesTested): string {
  const suites = [
    ...tested.map((one) => writeSuite(one.policy.name, casesOf(one))),
    ...(faults.length === 0 ? [] : [writeSuite('files', faults.map(caseOfFault))]),
  ]
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`
}

function casesOf({ cases, report }: TestedPolicy): readonly JunitCase[] {
  const { file, locate } = cases
  const given = { name: 'given', file, line: locate(['given']).line, failure: report.given }
  return [
    given,
    ...report.results.map(({ path, name, operation, problem }) => ({
      ...{ name: `${formatPath(path)} ${name} (${operation})`, file, failure: problem },
      line: locate(path).line,
    })),
    ...report.uncovered.map(({ rule, missing }) => ({
      ...{ name: `rule ${rule} has ${missing}`, file, line: 0 },
      failure: `rule ${rule} has not ${missing}`,
    })),
  ]
}

function caseOfFault({ file, line, path, wanted, found }: Fault): JunitCase {
  return { name: `${file}:${line} ${path}`, file, line, failure: `wanted ${wanted}, found ${found}` }
}

function writeSuite(name: string, cases: readonly JunitCase[]): string {
  const failures = cases.filter(({ failure }) => failure !== null).length
  const lines = cases.map((one) => writeCase(name, one))
  return `  <testsuite name=${quote(name)} tests="${cases.length}" failures="${failures}" errors="0">\n${lines.join('')}  </testsuite>\n`
}

function writeCase(suite: string, { name, file, line, failure }: JunitCase): string {
  const open = `    <testcase classname=${quote(suite)} name=${quote(name)} file=${quote(file)} line="${line}"`
  return failure === null ? `${open}/>\n` : `${open}>\n      <failure message=${quote(failure)}/>\n    </testcase>\n`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** An attribute value. XML 1.0 cannot hold control characters, surrogates by halves or U+FFFE and U+FFFF in any spelling. */
function quote(text: string): string {
  const legal = escapeControls(text).replaceAll(/\p{Cs}|[\uFFFE\uFFFF]/gu, '\uFFFD')
  return `"${legal.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '')}"`
}
