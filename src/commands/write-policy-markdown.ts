import { escapeControls } from '../document/escape-controls.ts'
import { reasonEntry } from '../model/reasons.ts'
import type { DescribedPolicy } from '../policy/describe/describe-policy.ts'
import type { DescribedItem } from '../policy/describe/described-item.ts'

/** A document that a regulator can read and sign off: the rules as one table, everything else as tables behind it. */
export function writePolicyMarkdown(policy: DescribedPolicy): string {
  const { name, version, title, source, sha256, madeOf, ruleChanges, items } = policy
  const rules = items.filter(({ section }) => section === 'rules')
  const others = [...new Set(items.map(({ section }) => section))].filter((section) => section !== 'rules')
  const parts = [
    `# ${plain(`${name} ${version}: ${title}`)}`,
    table(
      ['', ''],
      [
        ['source', plain(source)],
        ['made of', plain(madeOf.map((one) => `${one.name} ${one.version}`).join(', '))],
        ['sha256', code(sha256)],
      ],
    ),
    `## Rules (${rules.length})`,
    table(['clause', 'rule', 'what it demands', 'on', 'in force', 'answer', 'from'], rules.map(ruleRow)),
    ...(ruleChanges.length === 0
      ? []
      : [
          `## Rules of extended policies that are changed (${ruleChanges.length})`,
          table(
            ['rule', 'of', 'is', 'by'],
            ruleChanges.map(({ rule, of, kind, by }) => [code(rule), plain(of), kind, plain(by)]),
          ),
        ]),
    ...others.flatMap((section) =>
      writeSection(
        section,
        items.filter((item) => item.section === section),
      ),
    ),
  ]
  return `${parts.join('\n\n')}\n`
}

/** What a rule answers that names neither status nor error. */
const BROKEN = reasonEntry('rule-broken')

function ruleRow({ name, from, fields }: DescribedItem): readonly string[] {
  const get = Object.fromEntries(fields)
  const demand = [
    plain(get['title'] ?? ''),
    ...(get['when'] === undefined ? [] : [`where ${code(get['when'])}`]),
    code(get['require'] ?? ''),
  ]
  return [
    plain(get['clause'] ?? ''),
    code(name),
    demand.join('<br>'),
    plain(get['on'] ?? ''),
    [spellMode(get['mode']), spellDates(get['from'], get['until'])].filter((text) => text !== '').join('<br>'),
    code(`${get['status'] ?? BROKEN.status} ${get['error'] ?? BROKEN.error}`),
    plain(from),
  ]
}

function spellMode(mode: string | undefined): string {
  return mode === 'report' ? 'reported only' : ''
}

function spellDates(from: string | undefined, until: string | undefined): string {
  return [from === undefined ? '' : `from ${from}`, until === undefined ? '' : `until ${until}`]
    .filter((text) => text !== '')
    .join(' ')
}

function writeSection(section: string, items: readonly DescribedItem[]): readonly string[] {
  const rows = items.map(({ name, fields, from }) => [
    code(name),
    fields.map(([key, text]) => (key === 'is' ? code(text) : `${plain(key)}: ${code(text)}`)).join('<br>'),
    plain(from),
  ])
  return [`## ${plain(section)} (${items.length})`, table(['name', 'is', 'from'], rows)]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A policy's words must not turn into markup: neither a table nor a link, an image or HTML of their own. */
function plain(text: string): string {
  return escapeControls(text).replaceAll(/[\\`*_{}[\]<>#|!~&]/g, '\\$&')
}

/** Within code nothing is markup but the fence itself, and the bar that ends a cell. */
function code(text: string): string {
  const safe = escapeControls(text).replaceAll('|', '\\|')
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return safe === '' ? '' : longest === 0 ? `${fence}${safe}${fence}` : `${fence} ${safe} ${fence}`
}
