import { escapeControls } from '../document/escape-controls.ts'
import type { DescribedPolicy } from '../policy/describe/describe-policy.ts'
import type { DescribedItem } from '../policy/describe/described-item.ts'
import type { Paint } from './paint.ts'

/** What people read on a terminal: section by section, every item with what it says and who says it. */
export function writePolicy(policy: DescribedPolicy, paint: Paint): string {
  const { name, version, title, source, sha256, madeOf, ruleChanges, items } = policy
  const head = [
    `${paint('bold', safe(`${name} ${version}`))}: ${safe(title)}`,
    `  source   ${safe(source)}`,
    `  sha256   ${sha256}`,
    `  made of  ${safe(madeOf.map((one) => `${one.name} ${one.version} (${one.file})`).join(', '))}`,
  ]
  const changes = ruleChanges.map(({ rule, of, kind, by }) => `  ${safe(`${rule} of ${of}, ${kind} by ${by}`)}`)
  const sections = [...new Set(items.map(({ section }) => section))].map((section) => {
    const own = items.filter((item) => item.section === section)
    return [paint('bold', `${section} (${own.length})`), ...writeItems(own)]
  })
  const changed = changes.length === 0 ? [] : [[paint('bold', `changed rules (${changes.length})`), ...changes]]
  return [head, ...changed, ...sections].map((lines) => lines.map((line) => `${line}\n`).join('')).join('\n')
}

function writeItems(items: readonly DescribedItem[]): readonly string[] {
  const short = items.filter(isShort)
  const width = Math.max(0, ...short.map(({ name }) => name.length))
  return items.flatMap((item) =>
    isShort(item)
      ? [`  ${safe(`${item.name.padEnd(width)}  ${item.fields[0]?.[1] ?? ''}  (${item.from})`)}`]
      : [`  ${safe(`${item.name}  (${item.from})`)}`, ...writeFields(item)],
  )
}

function isShort({ fields }: DescribedItem): boolean {
  return fields.length === 1 && fields[0]?.[0] === 'is'
}

function writeFields({ fields }: DescribedItem): readonly string[] {
  const width = Math.max(...fields.map(([key]) => key.length))
  return fields.map(([key, text]) => `      ${safe(`${key.padEnd(width)}  ${text}`)}`)
}

function safe(text: string): string {
  return escapeControls(text)
}
