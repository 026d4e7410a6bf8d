import { join } from 'node:path'
import { ESLint, type Linter } from 'eslint'
import tseslint from 'typescript-eslint'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type {
  ApprovedRegistration,
  Evidence,
  ReservedRegistration,
  ReservationFacts,
} from '../../src/model/decision.ts'
import type { ClientFacts, VerifiedClient } from '../../src/model/client.ts'
import type { ManagedClient, ManagedFacts } from '../../src/model/managed-client.ts'
import type { LookedUp } from '../../src/model/lookups.ts'
import type { RegistrationRequest, RequestFacts, VerifiedRequest } from '../../src/model/registration-request.ts'
import type { Stages } from '../../src/model/stages.ts'
import type { StatementFacts, VerifiedStatement } from '../../src/model/statement.ts'
import type { createForwarding } from '../../src/forward/forward-registration.ts'
import { prove } from '../../src/model/proof.ts'
import { ROOT, readSources } from './source-files.ts'

/** Each proof is made in one file, where the thing it proves was just verified. */
const MAKERS: Readonly<Record<string, string>> = {
  client: 'src/certificate/identity.ts',
  statement: 'src/statement/verify-statement.ts',
  lookups: 'src/policy/lookup/look-up.ts',
  request: 'src/request/signed/verify-request.ts',
  approved: 'src/policy/decide.ts',
  managed: 'src/management/recognise-client.ts',
  reserved: 'src/registry/registrations.ts',
}

type Forward = ReturnType<typeof createForwarding>
type Forwarded = Parameters<Forward>[0]

describe('proofs', () => {
  it.each(Object.entries(MAKERS))('of %s are made in one file only', (name, maker) => {
    const makers = readSources().filter(({ text }) => text.includes(`prove('${name}'`))
    expect(makers.map(({ path }) => path)).toEqual([maker])
  })

  it('are made under no other name, and under none that is computed', () => {
    const calls = readSources()
      .filter(({ path }) => path !== 'src/model/proof.ts')
      .flatMap(({ text }) => [...text.matchAll(/(?<![#.\w])prove\b(?! \})(.{0,12})/g)].map(([, after = '']) => after))
    const names = calls.map((after) => /^\('(\w+)'/.exec(after)?.[1] ?? `prove${after}`)
    expect([...new Set(names)].sort()).toEqual(Object.keys(MAKERS).sort())
  })

  it('lets nothing but a reserved approval be forwarded', () => {
    expectTypeOf<Forwarded>().toEqualTypeOf<ReservedRegistration>()
    expectTypeOf<RegistrationRequest>().not.toExtend<Forwarded>()
    expectTypeOf<Evidence>().not.toExtend<Forwarded>()
    expectTypeOf<ApprovedRegistration>().not.toExtend<Forwarded>()
    expectTypeOf<ReservationFacts>().not.toExtend<Forwarded>()
    expectTypeOf<{ approved: ApprovedRegistration; kept: null }>().not.toExtend<Forwarded>()
  })

  it('lets nothing unverified be decided upon', () => {
    expectTypeOf<Parameters<Stages['decide']>[0]>().toEqualTypeOf<Evidence>()
    expectTypeOf<ClientFacts>().not.toExtend<VerifiedClient>()
    expectTypeOf<StatementFacts>().not.toExtend<VerifiedStatement>()
    expectTypeOf<RequestFacts>().not.toExtend<VerifiedRequest>()
    expectTypeOf<ManagedFacts>().not.toExtend<ManagedClient>()
  })

  it('does not compile a forward of raw input', () => {
    const forwardRaw = (forward: Forward, request: RegistrationRequest, gone: AbortSignal): unknown =>
      // @ts-expect-error a request is no reserved approval: this line is the proof, tsc fails when it compiles
      forward(request, 'decision', gone)
    expect(forwardRaw).toBeTypeOf('function')
  })

  it('does not compile a copy of a proof with something changed', () => {
    const spreads = {
      // @ts-expect-error what was approved is not what this would forward
      approved: (proof: ApprovedRegistration): ApprovedRegistration => ({
        ...proof,
        metadata: { client_name: 'other' },
      }),
      // @ts-expect-error nobody verified that this client is trusted there
      client: (proof: VerifiedClient): VerifiedClient => ({ ...proof, trust: 'other' }),
      // @ts-expect-error nobody published these values
      lookups: (proof: LookedUp): LookedUp => ({ ...proof, values: {} }),
      // @ts-expect-error nobody was given this client's token
      managed: (proof: ManagedClient): ManagedClient => ({ ...proof, clientId: 'other' }),
      // @ts-expect-error nobody signed these claims
      statement: (proof: VerifiedStatement): VerifiedStatement => ({ ...proof, claims: {} }),
      // @ts-expect-error nobody signed this metadata
      request: (proof: VerifiedRequest): VerifiedRequest => ({ ...proof, metadata: {} }),
      // @ts-expect-error even without a change a copy is no proof
      reserved: (proof: ReservedRegistration): ReservedRegistration => ({ ...proof }),
    }
    expect(Object.keys(spreads).sort()).toEqual(Object.keys(MAKERS).sort())
  })

  it('does not compile a change of a proof', () => {
    const change = (proof: ApprovedRegistration): void => {
      // @ts-expect-error what was approved stays as it was approved
      proof.metadata = { client_name: 'other' }
    }
    const proof: ApprovedRegistration = prove('approved', { metadata: { client_name: 'approved' } } as never)
    expect(() => change(proof)).toThrow(TypeError)
  })
})

/** Ways around the compiler: the ban is only as good as the rule that states it, so the rule is tried. */
describe('the linter', () => {
  // Without types, which these rules do not need, and which take their time.
  const untyped = { ...tseslint.configs.disableTypeChecked, files: ['**'] } as Linter.Config
  const eslint = new ESLint({ cwd: ROOT, overrideConfig: [untyped] })

  it.each([
    ['as never', 'const forged: string = 1 as never'],
    ['a cast to a proof', 'const forged = {} as VerifiedClient'],
    ['a cast to a proof by way of unknown', 'const forged = {} as unknown as ApprovedRegistration'],
    ['a cast to a function that takes or gives a proof', 'const forged = forge as () => ReservedRegistration'],
    ['Object.assign, whose type keeps what a copy loses,', 'const copy = Object.assign({}, { a: 1 })'],
  ])('refuses %s in src', async (_, text) => {
    const [result] = await eslint.lintText(`export ${text}\n`, { filePath: join(ROOT, 'src/pipeline.ts') })
    expect(result?.messages.map(({ ruleId }) => ruleId)).toEqual(['no-restricted-syntax'])
  })
})
