import { escapeControls } from '../document/escape-controls.ts'
import type { RuleChange } from '../policy/describe/list-rule-changes.ts'

/** Every override and every `off`, one a line with the place that says so: nobody should have to find them by reading. */
export function writeRuleChanges(changes: readonly RuleChange[]): string {
  return changes
    .map(({ kind, rule, by, of, file, line }) => {
      const did = kind === 'overridden' ? 'overrides' : 'switches off'
      return `${escapeControls(`${file}:${line}: ${by} ${did} ${rule} of ${of}`)}\n`
    })
    .join('')
}
