import { escapeControls } from '../document/escape-controls.ts'
import type { TestedPolicy } from '../policy/cases/test-policies.ts'

/** How many cases stand behind every rule; those of extended policies have theirs beside those. */
export function writeCoverage({ policy, report }: TestedPolicy): string {
  const rows = report.coverage.map(({ rule, declaredBy, approving, refusing }) => {
    const where = declaredBy === policy.name ? '' : `  (of ${declaredBy})`
    return [rule, String(approving), String(refusing), where] as const
  })
  const width = Math.max('rule'.length, ...rows.map(([rule]) => rule.length))
  const line = ([rule, approving, refusing, where]: readonly [string, string, string, string]): string =>
    escapeControls(`  ${rule.padEnd(width)}  ${approving.padStart(9)}  ${refusing.padStart(8)}${where}`)
  return [line(['rule', 'approving', 'refusing', '']), ...rows.map(line)].map((text) => `${text}\n`).join('')
}
