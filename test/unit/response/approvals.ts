import type { AnswerPlan } from '../../../src/model/answer.ts'
import type { ApprovedRegistration } from '../../../src/model/decision.ts'
import type { Operation } from '../../../src/model/operation.ts'
import { PLAIN_ANSWER } from '../../support/plain-answer.ts'
import type { ClientLocation } from '../../../src/model/registration-request.ts'

/** An approval as far as the response stage looks at it. */
export function approvalOf(
  operation: Operation,
  location: ClientLocation | null = null,
  { plan = {}, statement = null }: { plan?: Partial<AnswerPlan>; statement?: string | null } = {},
): ApprovedRegistration {
  const request = { operation, location, softwareStatement: statement }
  return { evidence: { request }, answer: { ...PLAIN_ANSWER, ...plan } } as unknown as ApprovedRegistration
}
