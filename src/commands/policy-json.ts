import type { DescribedPolicy } from '../policy/describe/describe-policy.ts'
import type { DescribedItem } from '../policy/describe/described-item.ts'

/** What `show --json` prints: the fields of every item as an object. */
export function policyJson({ items, ...policy }: DescribedPolicy): object {
  return { ...policy, items: items.map(itemJson) }
}

export function itemJson({ section, name, from, fields }: DescribedItem): object {
  return { section, name, from, fields: Object.fromEntries(fields) }
}
