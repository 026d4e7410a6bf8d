import { z } from 'zod'
import type { CertificateFacts } from '../../model/client.ts'
import type { Json } from '../../model/json.ts'
import { OPERATIONS } from '../../model/operation.ts'
import { REASONS, type Reason } from '../../model/reasons.ts'
import type { Finding } from '../../model/refusal.ts'
import type { PresentedFacts } from '../judge/judge.ts'

const json: z.ZodType<Json> = z.json()
const object = z.record(z.string(), json)

const findingSchema: z.ZodType<Finding> = z.object({
  reason: z.enum(Object.keys(REASONS) as [Reason, ...Reason[]]),
  at: z.string(),
  message: z.string(),
})

const signatureSchema = z.object({
  algorithm: z.string(),
  keyId: z.string().nullable(),
  type: z.string().nullable(),
  claims: object,
  // Who brought the chain of a signed request is not written down; rules that ask for that certificate find none.
  certificate: z.null(),
})

/** One entry for each fact that a policy is presented; recordFacts() gives them in this form. */
const factsSchema = z.object({
  operation: z.enum(OPERATIONS),
  clientId: z.string(),
  certificate: z.base64().nullable(),
  claims: object.nullable(),
  sent: object,
  headers: z.record(z.string(), z.string()),
  contentType: z.string(),
  hasToken: z.boolean(),
  signature: signatureSchema.nullable(),
  statementIssuer: z.string(),
  lookups: object,
  failedLookups: z.array(z.object({ lookup: z.string(), finding: findingSchema })).readonly(),
  server: object.nullable(),
  parameters: object,
  omitted: z.array(z.string()),
} satisfies Readonly<Record<keyof Omit<PresentedFacts, 'now'> | 'omitted', z.ZodType>>)

/** Facts as they are written down. */
export type RecordedFacts = z.input<typeof factsSchema>

const recorded = z.object({
  event: z.literal('decision'),
  decisionId: z.string(),
  receivedAt: z.iso.datetime(),
  decision: z.enum(['granted', 'refused', 'failed']),
  policy: z.object({ name: z.string(), version: z.string(), sha256: z.string() }),
  approved: z.boolean(),
  findings: z.array(z.object({ rule: z.string() })),
  reported: z.array(z.object({ rule: z.string() })),
  facts: factsSchema,
})

/** One decision of the audit trail with all that another policy needs to make it again. */
export interface RecordedDecision {
  readonly decisionId: string
  readonly receivedAt: Date
  readonly policy: { readonly name: string; readonly version: string; readonly sha256: string }
  /** Whether the policy let it pass; what became of it behind the policy does not matter. */
  readonly approved: boolean
  /** Rules (or reasons) that were broken, reported ones included. */
  readonly broken: readonly string[]
  readonly facts: Omit<PresentedFacts, 'now'>
  /** What was not written down: rules that ask for it cannot be told. */
  readonly omitted: readonly string[]
}

/** Why a line of an audit trail cannot be decided again. */
export type NotReplayable = 'no decision' | 'not decided by a policy' | 'facts not recorded' | 'unreadable'

/** Reads one line of an audit trail; `parse` turns the DER of a certificate into its facts, or null where it has no sound form. */
export function readFacts(
  line: string,
  parse: (der: Buffer) => CertificateFacts | null,
): RecordedDecision | NotReplayable {
  const record = parseLine(line)
  if (record === null) return 'unreadable'
  if (record['event'] !== 'decision') return 'no decision'
  if ((record['facts'] ?? null) === null)
    return record['approved'] === null ? 'not decided by a policy' : 'facts not recorded'
  const read = recorded.safeParse(record)
  if (!read.success) return isOversized(record['facts']) ? 'facts not recorded' : 'unreadable'
  const { decisionId, receivedAt, policy, approved, findings, reported, facts } = read.data
  const { certificate: der, omitted, ...others } = facts
  const certificate = der === null ? null : parse(Buffer.from(der, 'base64'))
  if (der !== null && certificate === null) return 'unreadable'
  return {
    ...{ decisionId, policy, approved, omitted },
    receivedAt: new Date(receivedAt),
    broken: [...(approved ? [] : findings), ...reported].map(({ rule }) => rule),
    facts: { ...others, certificate },
  }
}

function parseLine(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}

/** recordFacts() leaves nothing but `omitted` of what is too large. */
function isOversized(facts: unknown): boolean {
  return typeof facts === 'object' && facts !== null && Object.keys(facts).join() === 'omitted'
}
