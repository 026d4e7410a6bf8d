import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** Issues as one list with whole paths: those of a union are replaced by those of the branch that was most likely meant. */
export function flattenIssues(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): Issue[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path]
    const branch = issue.code === 'invalid_union' ? likelyBranch(issue.errors) : null
    return branch === null ? [{ ...issue, path }] : flattenIssues(branch, path)
  })
}

/** The branch with the fewest issues among those whose type fits; null when the value is of none of the types. */
function likelyBranch(branches: readonly Issue[][]): Issue[] | null {
  const fitting = branches.filter((issues) => !issues.some(isAboutWhole))
  return fitting.toSorted((left, right) => countFaults(left) - countFaults(right))[0] ?? null
}

function isAboutWhole({ code, path }: Issue): boolean {
  return path.length === 0 && code !== 'unrecognized_keys' && code !== 'custom'
}

function countFaults(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)
}
