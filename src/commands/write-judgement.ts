import { escapeControls } from '../document/escape-controls.ts'
import { countOf } from '../document/write-faults.ts'
import { isSecret } from '../json/replace-secrets.ts'
import type { Json } from '../model/json.ts'
import { reasonEntry } from '../model/reasons.ts'
import type { Finding } from '../model/refusal.ts'
import type { JudgementExplanation } from '../policy/explain/explain-judgement.ts'
import type { ExplainedRule } from '../policy/explain/explain-rule.ts'
import type { MemberChange } from '../policy/explain/trace-effects.ts'
import type { Paint } from './paint.ts'
import { hideSecret, isGranted } from './judgement-json.ts'
import { writeTime } from './spell-time.ts'

const VALUE_LIMIT_CHARACTERS = 200

/** What people see of a judgement: the verdict, every rule with the values it saw, and what would be registered. */
export function writeJudgement(
  explanation: JudgementExplanation,
  notVerified: readonly string[],
  paint: Paint,
): string {
  const { policy, operation, at, earlier, verdict, rules, changes, scopes } = explanation
  const unruled = [...earlier, ...verdict.findings.filter(({ rule }) => rule === undefined)]
  const sections = [
    [
      safe(
        `policy ${policy.name} ${policy.version} (${policy.sha256.slice(0, 12)}), ${operation}, as of ${writeTime(at)}`,
      ),
      `not verified here: ${notVerified.join('; ')}`,
      writeVerdict(explanation, paint),
    ],
    section(
      'besides the rules',
      unruled.flatMap((finding) => writeFinding(finding, paint)),
      paint,
    ),
    section(
      'rules',
      rules.flatMap((rule) => writeRule(rule, paint)),
      paint,
    ),
    section('metadata that would be registered', writeMetadata(explanation), paint),
    section('left out', changes.filter(isGone).map(writeGone), paint),
    scopes === null
      ? []
      : section(
          'scopes',
          [safe(`  requested  ${scopes.requested ?? 'none'}`), safe(`  granted    ${scopes.granted ?? 'none'}`)],
          paint,
        ),
    section(
      'headers',
      align(
        Object.entries(verdict.headers).map(
          ([name, value]) => [name, isSecret(name, value) ? '(not shown)' : value] as const,
        ),
      ),
      paint,
    ),
    section('client', align(namesOf(verdict)), paint),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
    .join('\n')
}

function section(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines]
}

function writeVerdict(explanation: JudgementExplanation, paint: Paint): string {
  const { earlier, verdict } = explanation
  if (isGranted(explanation)) {
    const told = verdict.reported.length === 0 ? '' : `, ${countOf(verdict.reported.length, 'finding')} only reported`
    return paint('green', `✔ granted${told}`)
  }
  return paint('red', `✖ refused, ${countOf(earlier.length + verdict.findings.length, 'finding')}`)
}

const MARKS = {
  held: ['✔', 'green'],
  broken: ['✖', 'red'],
  reported: ['⚠', 'yellow'],
  'not-applicable': ['–', 'gray'],
  'not-judged': ['?', 'yellow'],
} as const

function writeRule(
  { id, clause, title, verdict, because, finding, values }: ExplainedRule,
  paint: Paint,
): readonly string[] {
  const [mark, colour] = MARKS[verdict]
  const where = clause === null ? '' : `, ${clause}`
  const facts: readonly (readonly [string, string])[] = [
    ...(finding === null ? [] : factsOf(finding)),
    ...values.map(({ name, value }) => [name, value ?? '(absent)'] as const),
  ]
  return [
    `  ${paint(colour, `${mark} ${safe(id)}`)}${safe(where)}: ${safe(title)}`,
    ...(because === null ? [] : [`      ${safe(because)}`]),
    ...align(facts, '      '),
  ]
}

function writeFinding(finding: Finding, paint: Paint): readonly string[] {
  return [`  ${paint('red', `✖ ${finding.reason}`)}, ${safe(finding.at)}`, ...align(factsOf(finding), '      ')]
}

function factsOf({
  message,
  wanted,
  found,
  detail,
  reason,
  error,
  status,
}: Finding): readonly (readonly [string, string])[] {
  const entry = reasonEntry(reason)
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['what', message],
    ['wanted', wanted],
    ['found', found],
    ['detail', detail],
    ['answer', `${status ?? entry.status} ${error ?? entry.error}`],
  ]
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
}

function writeMetadata({ verdict: { metadata }, changes }: JudgementExplanation): readonly string[] {
  const byMember = new Map(changes.filter((change) => !isGone(change)).map((change) => [change.member, change]))
  const rows = Object.entries(metadata ?? {}).map(([member, value]) => {
    const change = byMember.get(member)
    const origin = change === undefined ? 'as sent' : `${nameChange(change)} by ${change.by}`
    return [member, `${show(member, value)}  (${origin})`] as const
  })
  return align(rows)
}

/** Which software it is for and whose it is, where that is known. */
function namesOf({ clientKey, owner }: JudgementExplanation['verdict']): readonly (readonly [string, string])[] {
  const names = [['key', clientKey] as const, ['owner', owner] as const]
  return names.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
}

function isGone({ after }: MemberChange): boolean {
  return after === undefined
}

function nameChange({ change, from }: MemberChange): string {
  return from === undefined ? change : `${change} of ${from}`
}

function writeGone({ member, by, before, change }: MemberChange): string {
  return `  ${safe(`${member} ${show(member, before ?? null)}  (${change === 'dropped' ? 'not among' : 'remove by'} ${by})`)}`
}

function show(member: string, value: Json): string {
  const hidden = hideSecret(member, value)
  const text = typeof hidden === 'string' ? hidden : JSON.stringify(hidden)
  return text.length > VALUE_LIMIT_CHARACTERS ? `${text.slice(0, VALUE_LIMIT_CHARACTERS - 1)}…` : text
}

/** Names in a column of their own, values behind them. */
function align(rows: readonly (readonly [name: string, value: string])[], indent = '  '): readonly string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${indent}${safe(name.padEnd(width))}  ${safe(value)}`)
}

/** Before colours are laid on: what a request says must not steer the terminal. */
function safe(text: string): string {
  return escapeControls(text)
}
