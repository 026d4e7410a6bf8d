import { describe, expect, expectTypeOf, it } from 'vitest'
import type {
  ApprovedRegistration,
  Evidence,
  ReservedRegistration,
  ReservationFacts,
} from '../../src/model/decision.ts'
import type { ClientFacts, VerifiedClient } from '../../src/model/client.ts'
import type { RegistrationRequest } from '../../src/model/registration-request.ts'
import type { Stages } from '../../src/model/stages.ts'
import type { StatementFacts, VerifiedStatement } from '../../src/model/statement.ts'
import type { createForwarding } from '../../src/forward/forward-registration.ts'
import { readSources } from './source-files.ts'

/** Each proof is made in one file, where the thing it proves was just verified. */
const MAKERS: Readonly<Record<string, string>> = {
  VerifiedClient: 'src/certificate/identity.ts',
  VerifiedStatement: 'src/statement/verify-statement.ts',
  ApprovedRegistration: 'src/policy/decide.ts',
  ReservedRegistration: 'src/registry/reservations.ts',
}

type Forwarded = Parameters<ReturnType<typeof createForwarding>>[0]

describe('proofs', () => {
  it.each(Object.entries(MAKERS))('are cast to %s in one file only', (proof, maker) => {
    const casts = readSources().filter(({ text }) =>
      new RegExp(`\\b(as|<)\\s*(unknown as )?${proof}\\b(?!\\w)`).test(
        text.replace(/import type[^\n]*/g, '').replace(/(Readonly|Promise|WeakMap|Map)<[^\n]*/g, ''),
      ),
    )
    expect(casts.map(({ path }) => path)).toEqual([maker])
  })

  it('lets nothing but a reserved approval be forwarded', () => {
    expectTypeOf<Forwarded>().toEqualTypeOf<ReservedRegistration>()
    expectTypeOf<RegistrationRequest>().not.toExtend<Forwarded>()
    expectTypeOf<Evidence>().not.toExtend<Forwarded>()
    expectTypeOf<ApprovedRegistration>().not.toExtend<Forwarded>()
    expectTypeOf<ReservationFacts>().not.toExtend<Forwarded>()
    expectTypeOf<{ approved: ApprovedRegistration; owner: null }>().not.toExtend<Forwarded>()
  })

  it('lets nothing unverified be decided upon', () => {
    expectTypeOf<Parameters<Stages['decide']>[0]>().toEqualTypeOf<Evidence>()
    expectTypeOf<ClientFacts>().not.toExtend<VerifiedClient>()
    expectTypeOf<StatementFacts>().not.toExtend<VerifiedStatement>()
  })

  it('does not compile a forward of raw input', () => {
    const forwardRaw = (
      forward: ReturnType<typeof createForwarding>,
      request: RegistrationRequest,
      gone: AbortSignal,
    ): unknown =>
      // @ts-expect-error a request is no reserved approval: this line is the proof, tsc fails when it compiles
      forward(request, 'decision', gone)
    expect(forwardRaw).toBeTypeOf('function')
  })
})
