import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { findSchemas } from '../../../src/document/find-schemas.ts'

const secret = z.strictObject({ env: z.string() }).meta({ writeOnly: true })
const schema = z.strictObject({
  a: z.array(z.int()),
  b: z.record(z.string(), z.boolean()),
  c: secret.optional().describe('x'),
})

describe('findSchemas', () => {
  it('finds the schema of a key, an entry of a list and a value of a map', () => {
    expect(findSchemas(schema, {}, ['a']).schemas).toEqual([schema.shape.a])
    expect(findSchemas(schema, {}, ['a', 0]).schemas).toEqual([schema.shape.a.element])
    expect(findSchemas(schema, {}, ['b', 'x']).schemas).toEqual([schema.shape.b.valueType])
  })

  it.each([[['constructor']], [['a', 'x']], [[0]], [['x', 'y']]])(
    'finds none for %j, which is no key of the schema',
    (path) => {
      expect(findSchemas(schema, {}, path)).toEqual({ schemas: [], secret: false })
    },
  )

  it('tells that a value, or what is around it, is a secret', () => {
    expect(findSchemas(schema, {}, []).secret).toBe(false)
    expect(findSchemas(schema, {}, ['c']).secret).toBe(true)
    expect(findSchemas(schema, {}, ['c', 'env']).secret).toBe(true)
    expect(findSchemas(schema, {}, ['c', 'unknown']).secret).toBe(true)
    expect(findSchemas(schema, {}, ['a']).secret).toBe(false)
  })
})
