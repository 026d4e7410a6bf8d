import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readDocument } from '../../../src/document/read-document.ts'

describe('a value that must be JSON', () => {
  it('is described in one word where it is none, and not without end', () => {
    const schema = z.strictObject({ given: z.record(z.string(), z.json()) })
    const { faults } = readDocument('cases.yaml', 'given: { a: [.nan] }\n', schema)
    expect(faults).toHaveLength(1)
    expect(faults[0]?.wanted).toMatch(/JSON value/)
  })
})
