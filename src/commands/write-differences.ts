import { escapeControls } from '../document/escape-controls.ts'
import { areSame, type ChangedItem, type PolicyDifferences } from '../policy/describe/compare-policies.ts'
import type { DescribedPolicy } from '../policy/describe/describe-policy.ts'
import type { DescribedItem } from '../policy/describe/described-item.ts'
import { itemJson } from './policy-json.ts'
import type { Paint } from './paint.ts'

/** Two editions of one policy; null where there is none. */
export interface ComparedPolicies {
  readonly name: string
  readonly old: DescribedPolicy | null
  readonly new: DescribedPolicy | null
  readonly differences: PolicyDifferences
}

/** What people see: `+` for what is new, `-` for what is gone, `~` for what is otherwise than before, with both texts. */
export function writeDifferences(compared: ComparedPolicies, paint: Paint): string {
  const { name, old, new: now, differences } = compared
  const { added, removed, changed } = differences
  const verdict =
    old?.sha256 === now?.sha256 ? 'the same files' : areSame(differences) ? 'the same but for comments and layout' : ''
  const lines = [
    paint('bold', safe(`${name}: ${spellEdition(old)} → ${spellEdition(now)}${verdict === '' ? '' : `, ${verdict}`}`)),
    ...removed.flatMap((item) => writeItem('-', item, (text) => paint('red', text))),
    ...added.flatMap((item) => writeItem('+', item, (text) => paint('green', text))),
    ...changed.flatMap((item) => writeChange(item, paint)),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** What `diff --json` prints of one policy. */
export function differencesJson({ name, old, new: now, differences }: ComparedPolicies): object {
  const { added, removed, changed } = differences
  return {
    name,
    old: old === null ? null : editionJson(old),
    new: now === null ? null : editionJson(now),
    same: areSame(differences),
    added: added.map(itemJson),
    removed: removed.map(itemJson),
    changed,
  }
}

function editionJson({ name, version, sha256 }: DescribedPolicy): object {
  return { name, version, sha256 }
}

function spellEdition(policy: DescribedPolicy | null): string {
  return policy === null ? 'none' : `${policy.version} (${policy.sha256.slice(0, 12)})`
}

/** Of a rule its title and clause say enough, of anything else all it says. */
function writeItem(
  sign: string,
  { section, name, fields }: DescribedItem,
  colour: (text: string) => string,
): readonly string[] {
  const told = section === 'rules' ? fields.filter(([key]) => ['clause', 'title', 'require'].includes(key)) : fields
  const head = colour(safe(`  ${sign} ${section} ${name}`))
  return section === 'policy' ? [head] : [head, ...told.map(([key, text]) => `      ${safe(`${key}: ${text}`)}`)]
}

function writeChange({ section, name, fields }: ChangedItem, paint: Paint): readonly string[] {
  return [
    paint('yellow', safe(`  ~ ${section} ${name}`)),
    ...fields.flatMap((field) => [
      `      ${safe(field.key)}`,
      ...(field.old === null ? [] : [paint('red', `        - ${safe(field.old)}`)]),
      ...(field.new === null ? [] : [paint('green', `        + ${safe(field.new)}`)]),
    ]),
  ]
}

function safe(text: string): string {
  return escapeControls(text)
}
