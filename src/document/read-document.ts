import type { z } from 'zod'
import type { Fault } from '../model/fault.ts'
import { explainIssues, type Explanation } from './explain-issues.ts'
import { formatPath, type KeyPath } from './key-path.ts'
import { locateInText } from './locate-in-text.ts'
import { locatePath, NOWHERE, type Place } from './locate-path.ts'
import { parseYaml, type ParsedYaml } from './parse-yaml.ts'

const FAULT_LIMIT = 100

export interface DocumentRead<T> {
  /** Null when there are faults. */
  readonly value: T | null
  /** The plain data as it stands in the file; null when the text itself is faulty. */
  readonly data: unknown
  readonly faults: readonly Fault[]
  /** Where a value stands, for faults that only other checks can find. */
  readonly locate: (path: KeyPath) => Place
  /** Where a character of a text value stands, counted in the value from 0. */
  readonly locateInText: (path: KeyPath, offset: number) => Place
}

/** Reads the text of a YAML file and reports everything that keeps it from being what the schema describes. */
export function readDocument<T>(file: string, text: string, schema: z.ZodType<T>): DocumentRead<T> {
  const parsed = parseYaml(text)
  const { document, data } = parsed
  if (document === null) {
    const nowhere = (): Place => NOWHERE
    return { value: null, data, faults: textFaults(file, parsed), locate: nowhere, locateInText: nowhere }
  }
  const locate = (path: KeyPath): Place => locatePath(document, parsed.lines, path)
  const places = {
    locate,
    locateInText: (path: KeyPath, offset: number): Place => locateInText(text, document, parsed.lines, path, offset),
  }
  // An empty message tells the issues that the schema did not word itself.
  const checked = schema.safeParse(data, { error: () => '' })
  if (checked.success) return { value: checked.data, data, faults: [], ...places }
  const explanations = explainIssues(schema, data, checked.error.issues)
  const faults = explanations.slice(0, FAULT_LIMIT).map((explanation) => buildFault(file, explanation, locate))
  return { value: null, data, faults: [...faults, ...omission(file, explanations.length - FAULT_LIMIT)], ...places }
}

function textFaults(file: string, { lines, problems }: ParsedYaml): Fault[] {
  const faults = problems.slice(0, FAULT_LIMIT).map(({ offset, ...problem }): Fault => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col, path: '', ...problem }
  })
  return [...faults, ...omission(file, problems.length - FAULT_LIMIT)]
}

function buildFault(file: string, { path, wanted, found, hint }: Explanation, locate: (path: KeyPath) => Place): Fault {
  return { file, ...locate(path), path: formatPath(path), wanted, found, ...(hint === undefined ? {} : { hint }) }
}

function omission(file: string, count: number): Fault[] {
  if (count <= 0) return []
  return [{ file, ...NOWHERE, path: '', wanted: `at most ${FAULT_LIMIT} faults to report`, found: `${count} more` }]
}
