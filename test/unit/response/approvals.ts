import type { ApprovedRegistration } from '../../../src/model/decision.ts'
import type { Operation } from '../../../src/model/operation.ts'
import type { ClientLocation } from '../../../src/model/registration-request.ts'

/** An approval as far as the response stage looks at it: operation and location. */
export function approvalOf(operation: Operation, location: ClientLocation | null = null): ApprovedRegistration {
  return { evidence: { request: { operation, location } } } as unknown as ApprovedRegistration
}
