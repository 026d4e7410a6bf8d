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
    changed: [...now].flatMap(([key, item]) => compareItems(old.get(key), item)),
  }
}

export function areSame({ added, removed, changed }: PolicyDifferences): boolean {
  return added.length + removed.length + changed.length === 0
}

/** Effects have no names and are told apart by what they do: one that is put in between changes none of the others. */
function itemsOf(policy: DescribedPolicy | null): ReadonlyMap<string, DescribedItem> {
  if (policy === null) return new Map()
  const { version, title, source, madeOf, name } = policy
  const head: DescribedItem = {
    section: 'policy',
    name,
    from: name,
    fields: [
      ...Object.entries({ version, title, source }),
      ['madeOf', madeOf.map((one) => `${one.name} ${one.version}`).join(', ')],
    ],
  }
  const keyOf = ({ section, name: item, fields }: DescribedItem): string =>
    section === 'policy' ? section : `${section} ${section === 'effects' ? JSON.stringify(fields) : item}`
  return new Map([head, ...policy.items].map((item) => [keyOf(item), item]))
}

function compareItems(old: DescribedItem | undefined, now: DescribedItem): readonly ChangedItem[] {
  if (old === undefined) return []
  const [before, after] = [fieldMap(old), fieldMap(now)]
  const keys = new Set([...before.keys(), ...after.keys()])
  const fields = [...keys]
    .map((key) => ({ key, old: before.get(key) ?? null, new: after.get(key) ?? null }))
    .filter((field) => field.old !== field.new)
  return fields.length === 0 ? [] : [{ section: now.section, name: now.name, fields }]
}

/** Who says it is a difference too: a rule that is overridden word for word is not the regime's any more. */
function fieldMap({ fields, from, section }: DescribedItem): ReadonlyMap<string, string> {
  return new Map(section === 'policy' || section === 'effects' ? fields : [...fields, ['from', from]])
}
