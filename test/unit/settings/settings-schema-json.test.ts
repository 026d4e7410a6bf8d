import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { settingsJsonSchema } from '../../../src/settings/settings-schema-json.ts'

const committed = new URL('../../../src/settings/gateway.schema.json', import.meta.url)

interface Node {
  readonly [key: string]: unknown
  readonly properties?: Readonly<Record<string, Node>>
  readonly oneOf?: readonly Node[]
  readonly items?: Node
  readonly additionalProperties?: Node | boolean
}

/** Objects of the schema by their path. */
function objects(node: Node, path = ''): readonly (readonly [string, Node])[] {
  const below = [
    ...Object.entries(node.properties ?? {}).map(([key, inner]) => [`${path}.${key}`, inner] as const),
    ...(node.oneOf ?? []).map((inner) => [path, inner] as const),
    ...(node.items === undefined ? [] : [[`${path}[]`, node.items] as const]),
    ...(typeof node.additionalProperties === 'object' ? [[`${path}.*`, node.additionalProperties] as const] : []),
  ]
  return [[path, node] as const, ...below.flatMap(([key, inner]) => objects(inner, key))]
}

const nodes = objects(settingsJsonSchema())

describe('settingsJsonSchema', () => {
  it('is what gateway.schema.json says to editors', async () => {
    expect(`${JSON.stringify(settingsJsonSchema(), null, 2)}\n`).toBe(await readFile(committed, 'utf8'))
  })

  it('describes every key in one sentence', () => {
    const keys = nodes.flatMap(([path, { properties = {} }]) =>
      Object.entries(properties).map(([key, node]) => [`${path}.${key}`, node] as const),
    )
    expect(keys.length).toBeGreaterThan(60)
    for (const [path, { description }] of keys) expect(description, path).toMatch(/^[A-Z].*\.$/)
  })

  it('refuses unknown keys in every section', () => {
    const sections = nodes.filter(([, { properties }]) => properties !== undefined)
    expect(sections.length).toBeGreaterThan(12)
    for (const [path, { additionalProperties }] of sections) expect(additionalProperties, path).toBe(false)
  })

  it('names the unit of every duration and size in its key', () => {
    const numbers = nodes.filter(([, { type }]) => type === 'integer').map(([path]) => path)
    const unitless = numbers.filter((path) => !/(Ms|Bytes|Bits)$/.test(path))
    expect(unitless).toEqual([
      '.listen.port',
      '.upstream.maxSockets',
      '.lookups.ports[]',
      '.state.database',
      '.state.waitForReplicas',
      '.operations.port',
      '.limits.maxConnections',
      '.limits.presentedCertificates',
      '.limits.jsonDepth',
      '.limits.jsonValues',
    ])
  })
})
