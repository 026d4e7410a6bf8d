import { expect } from 'vitest'
import { z } from 'zod'
import { readDocument } from '../../../src/document/read-document.ts'

const secret = z.strictObject({ env: z.string() }).meta({ writeOnly: true })
const kinds = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('memory'), options: z.strictObject({ size: z.int() }).optional() }),
  z.strictObject({ kind: z.literal('redis'), options: z.strictObject({ db: z.int() }).optional(), url: secret }),
])
const pair = z
  .strictObject({ from: z.int(), to: z.int() })
  .refine(({ from, to }) => from < to, { error: 'from before to', params: { found: 'the contrary' } })
const rule = z.strictObject({
  id: z.string(),
  allow: z.union([
    z.string(),
    z.array(z.string()),
    z.strictObject({ one: z.string(), two: z.string(), from: z.string() }),
    z.strictObject({ from: z.iso.date(), until: z.iso.date() }),
  ]),
})

/** One key for each kind of type that a schema may have. */
export const schema = z.strictObject({
  port: z.int().min(0).max(65_535).optional(),
  ratio: z.number().max(1).optional(),
  name: z
    .string()
    .regex(/^[a-z]+$/, 'a lower-case word')
    .refine((word) => word !== 'root', 'a word other than root')
    .optional(),
  title: z.string().min(1).max(20).optional(),
  level: z.enum(['info', 'warn', 'error']).optional(),
  open: z.boolean().optional(),
  keys: z.url({ protocol: /^https$/ }).optional(),
  home: z.url().optional(),
  state: kinds.default({ kind: 'memory' }).describe('described'),
  rules: z.array(rule).min(1).optional(),
  words: z.record(z.string().max(3), z.int()).optional(),
  roles: z.record(z.string().regex(/^[A-Z]+$/, 'an upper-case word'), z.array(z.string())).optional(),
  reasons: z.partialRecord(z.enum(['too-old', 'too-new']), z.string()).optional(),
  session_token: z.enum(['opaque', 'jwt']).optional(),
  token_endpoint: z.string().max(3).optional(),
  passphrase: z.string().max(3).optional(),
  pair: pair.optional(),
  span: z.union([z.string(), pair]).optional(),
})

/** Faults as `line:column path: wanted / found / hint`. */
export function faultsOf(text: string): readonly string[] {
  const { value, faults } = readDocument('x.yaml', text, schema)
  expect(value === null).toBe(faults.length > 0)
  return faults.map(
    ({ line, column, path, wanted, found, hint }) =>
      `${line}:${column} ${path}: ${[wanted, found, ...(hint === undefined ? [] : [hint])].join(' / ')}`,
  )
}
