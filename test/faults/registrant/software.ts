import { randomUUID } from 'node:crypto'
import { brazilianSubject, mintClientCertificate, presentedChainPem } from '../../support/mint-certificates.ts'
import type { RegistrantIdentity } from '../../support/registrant.ts'
import { brazilianClaims } from '../../support/sign-statement.ts'
import type { GatewayName } from '../schedule/build-schedule.ts'
import { nameOf } from '../schedule/faults.ts'
import type { Step } from '../schedule/stories.ts'
import type { ArmedFault } from '../relay/armed-fault.ts'
import type { World } from '../world/open-world.ts'

/** A software statement and what has become of it. */
export interface Statement {
  readonly jti: string
  readonly jws: string
}

/** Credentials that a registrant received. */
export interface Grant {
  readonly clientId: string
  readonly token: string
  readonly uri: string
  readonly statement: Statement
  readonly leg: number
  deleted: boolean
}

/** One request and what came of it, for the report. */
export interface Attempt {
  readonly leg: number
  readonly does: Step['does']
  readonly gateway: GatewayName
  readonly statement: string
  readonly startedAt: number
  readonly endedAt: number
  readonly armed: ArmedFault | null
  readonly outcome: string
}

/** One software with everything its registrant knows, on all of its legs. */
export interface Software {
  readonly number: number
  readonly title: string
  readonly softwareId: string
  readonly organisationId: string
  readonly identity: RegistrantIdentity
  readonly attempts: Attempt[]
  readonly grants: Grant[]
  /** Answers that are wrong in themselves. */
  readonly complaints: string[]
}

export async function createSoftware(world: World, number: number, title: string): Promise<Software> {
  const softwareId = randomUUID()
  const organisationId = randomUUID()
  const subject = brazilianSubject({ softwareId, organisationId })
  const certificate = await mintClientCertificate(world.clientIssuer, { subject })
  const identity = {
    certificate: presentedChainPem(certificate),
    privateKey: certificate.privateKeyPem,
    serverCa: world.serverCa,
  }
  return { number, title, softwareId, organisationId, identity, attempts: [], grants: [], complaints: [] }
}

export function signStatement(world: World, { softwareId, organisationId }: Software): Statement {
  const jti = randomUUID()
  const claims = brazilianClaims(new Date(), { jti, software_id: softwareId, org_id: organisationId })
  return { jti, jws: world.signer.sign(claims) }
}

export function describeFault(armed: ArmedFault | null): string {
  if (armed === null) return ''
  return `${nameOf(armed.fault)}${armed.struckAt === null ? ' (did not strike)' : ''}`
}
