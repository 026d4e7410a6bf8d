import { checkPublicKey } from './check-public-key.ts'
import { checkPurpose } from './check-purpose.ts'
import { checkSerialNumber } from './check-serial-number.ts'
import { checkSubject } from './check-subject.ts'
import type { PathCheck } from './path-step.ts'

/** What this gateway demands of the certificates of a path beyond RFC 5280. */
export const GATEWAY_PROFILE: readonly PathCheck[] = [checkPublicKey, checkPurpose, checkSerialNumber, checkSubject]
