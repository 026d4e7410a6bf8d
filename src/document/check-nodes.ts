import { isAlias, isCollection, isMap, isScalar, type Document, type Node, type Pair, type YAMLMap } from 'yaml'
import type { YamlProblem } from './yaml-problem.ts'

/** What becomes known while walking a document in the order of its text. */
interface Walk {
  readonly problems: YamlProblem[]
  /** Anchors whose node was left already; only these may be named. */
  readonly anchors: Set<string>
}

/** Finds keys that occur twice or cannot be names, and aliases that name nothing or their own surroundings. */
export function checkNodes(document: Document.Parsed): YamlProblem[] {
  const walk: Walk = { problems: [], anchors: new Set() }
  checkNode(document.contents, walk)
  return walk.problems
}

function checkNode(node: unknown, walk: Walk): void {
  // Its name is not shown: an unquoted passphrase that begins with * looks just like it.
  if (isAlias(node) && !walk.anchors.has(node.source)) {
    report(walk, node, 'an alias of an anchor that is complete before it (or quotes)', 'an alias of nothing')
  }
  if (isMap(node)) checkMap(node, walk)
  else if (isCollection(node)) for (const item of node.items) checkNode(item, walk)
  const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined
  if (anchor !== undefined) walk.anchors.add(anchor)
}

function checkMap(map: YAMLMap, walk: Walk): void {
  const seen = new Set<string>()
  for (const pair of map.items) {
    const name = keyName(pair)
    const key = pair.key as Node
    if (name === null) report(walk, key, 'a name as the key', 'something else')
    // An own member of that name would be lost in schemas, and an inherited one would be found instead.
    else if (name === '__proto__') report(walk, key, 'a key other than __proto__', name)
    else if (seen.has(name)) report(walk, key, 'every key once', `${name} again`)
    else seen.add(name)
    checkNode(pair.value, walk)
  }
}

/** The key as a member name; null for maps, lists, aliases and nothing, which YAML allows as keys as well. */
function keyName({ key }: Pair): string | null {
  if (!isScalar(key) || key.anchor !== undefined) return null
  const { value } = key
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

function report(walk: Walk, node: Node, wanted: string, found: string): void {
  walk.problems.push({ offset: node.range?.[0] ?? 0, wanted, found })
}
