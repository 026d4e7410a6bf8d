import { ORDERED_SECTIONS } from '../compile/inheritance.ts'
import { describeItem } from './describe-item.ts'
import type { DescribedPolicy } from './describe-policy.ts'
import type { DescribedItem } from './described-item.ts'

/** One key of an item that both policies have; null where one of them does not have the key. */
export interface ChangedField {
  readonly key: string
  readonly old: string | null
  readonly new: string | null
}

export interface ChangedItem {
  readonly section: string
  readonly name: string
  readonly fields: readonly ChangedField[]
}

export interface PolicyDifferences {
  readonly added: readonly DescribedItem[]
  readonly removed: readonly DescribedItem[]
  readonly changed: readonly ChangedItem[]
}

/** What of a policy is new, gone or otherwise than before, inherited parts included; null stands for a policy that is not there. */
export function comparePolicies(before: DescribedPolicy | null, after: DescribedPolicy | null): PolicyDifferences {
  const [old, now] = [itemsOf(before), itemsOf(after)]
  return {
    added: [...now].filter(([key]) => !old.has(key)).map(([, item]) => item),
    removed: [...old].filter(([key]) => !now.has(key)).map(([, item]) => item),
    changed: [...now].flatMap(([key, item]) => compareItems(old.get(key), item)).concat(compareOrders(old, now)),
  }
}

export function areSame({ added, removed, changed }: PolicyDifferences): boolean {
  return added.length + removed.length + changed.length === 0
}

/** Effects have no names and are told apart by what they do: one that is put in between changes none of the others. */
function itemsOf(policy: DescribedPolicy | null): ReadonlyMap<string, DescribedItem> {
  if (policy === null) return new Map()
  const { version, title, source, madeOf, name } = policy
  const head = describeItem('policy', name, name, {
    ...{ version, title, source },
    madeOf: madeOf.map((one) => `${one.name} ${one.version}`).join(', '),
  })
  const items = new Map<string, DescribedItem>()
  for (const item of [head, ...policy.items]) {
    const key = keyOf(item)
    // The same effect may stand there twice, and so may a member that several policies take out of answers.
    let count = 0
    while (items.has(`${key} ${count}`)) count += 1
    items.set(`${key} ${count}`, item)
  }
  return items
}

function keyOf({ section, name, exact }: DescribedItem): string {
  if (section === 'policy') return section
  return `${section} ${section === 'effects' || name === 'remove' ? JSON.stringify([...exact]) : name}`
}

/** Where order decides, another order of what both have is a change of its own. */
function compareOrders(
  old: ReadonlyMap<string, DescribedItem>,
  now: ReadonlyMap<string, DescribedItem>,
): readonly ChangedItem[] {
  return ORDERED_SECTIONS.flatMap((section) => {
    const [before, after] = [inOrder(old, now, section), inOrder(now, old, section)]
    if (before.every((key, index) => key === after[index])) return []
    // By the names of the old edition: effects have none but their place.
    const write = (keys: readonly string[]): string => keys.map((key) => old.get(key)?.name ?? key).join(', ')
    return [{ section, name: 'order', fields: [{ key: 'order', old: write(before), new: write(after) }] }]
  })
}

/** Keys of a section that both editions have. */
function inOrder(
  items: ReadonlyMap<string, DescribedItem>,
  others: ReadonlyMap<string, DescribedItem>,
  wanted: string,
): readonly string[] {
  return [...items].filter(([key, { section }]) => section === wanted && others.has(key)).map(([key]) => key)
}

function compareItems(old: DescribedItem | undefined, now: DescribedItem): readonly ChangedItem[] {
  if (old === undefined) return []
  const [before, after] = [textsOf(old), textsOf(now)]
  const keys = new Set([...before.keys(), ...after.keys()])
  const fields = [...keys].flatMap((key): readonly ChangedField[] => {
    const [was, is] = [old.exact.get(key) ?? null, now.exact.get(key) ?? null]
    const [from, to] = [before.get(key) ?? null, after.get(key) ?? null]
    if (key === FROM ? from === to : was === is) return []
    // What looks alike is told apart as it stands in the file.
    return [from === to ? { key, old: was, new: is } : { key, old: from, new: to }]
  })
  return fields.length === 0 ? [] : [{ section: now.section, name: now.name, fields }]
}

/** No key of a policy file: rules have a `from`, which is a day. */
const FROM = 'said by'

/** Who says it is a difference too: a rule that is overridden word for word is not the regime's any more. */
function textsOf({ fields, from, section }: DescribedItem): ReadonlyMap<string, string> {
  return new Map(section === 'policy' || section === 'effects' ? fields : [...fields, [FROM, from]])
}
