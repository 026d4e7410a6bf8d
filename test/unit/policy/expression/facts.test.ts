import { describe, expect, expectTypeOf, it } from 'vitest'
import { declareNames } from '../../../../src/policy/expression/declarations.ts'
import { make, type FactValues, type FieldsOf, type Made } from '../../../../src/policy/expression/fact-values.ts'
import { FACT_NAMES, FACTS, factsKnown, FIXED_TYPES, STATEMENT_FACTS } from '../../../../src/policy/expression/facts.ts'
import { buildCaseCertificate } from '../../../../src/policy/cases/build-case-certificate.ts'
import { buildActivation, type FullActivation } from '../../../../src/policy/judge/build-activation.ts'
import { certificateValue } from '../../../../src/policy/judge/certificate-value.ts'
import { loadPolicy, present } from '../policy-fixture.ts'

describe('the table of facts', () => {
  it('refuses to compile where a fact has no value, or one of another type', () => {
    expectTypeOf<FullActivation>().toExtend<FactValues>()
    expectTypeOf<Omit<FactValues, 'server'>>().not.toExtend<FactValues>()
    expectTypeOf<Omit<FactValues, 'certificate'>>().not.toExtend<FactValues>()
    expectTypeOf<FactValues['now']>().toEqualTypeOf<Date>()
    expectTypeOf<FactValues['translations']>().toEqualTypeOf<Readonly<Record<string, string>>>()
    expectTypeOf<FactValues['certificate']>().toEqualTypeOf<Made<'Certificate'> | undefined>()
    expectTypeOf<Made<'Name'>>().not.toExtend<Made<'PublicKey'>>()
    expectTypeOf<object>().not.toExtend<Made<'Request'>>()
  })

  it('refuses to compile where a field has no value, but for those that may be absent', () => {
    expectTypeOf<Omit<FieldsOf<'Certificate'>, 'thumbprint'>>().not.toExtend<FieldsOf<'Certificate'>>()
    expectTypeOf<Omit<FieldsOf<'Certificate'>, 'organizationIdentifier'>>().toExtend<FieldsOf<'Certificate'>>()
    expectTypeOf<FieldsOf<'PublicKey'>['bits']>().toEqualTypeOf<bigint>()
    expectTypeOf<FieldsOf<'Name'>['rdns']>().toEqualTypeOf<readonly (readonly Made<'Attribute'>[])[]>()
    expectTypeOf<FieldsOf<'QualifiedStatements'>['psd2']>().toEqualTypeOf<Made<'Psd2Statement'> | undefined>()
    const withoutAnything = (): unknown =>
      // @ts-expect-error a token that is neither there nor absent: this line is the proof, tsc fails when it compiles
      make.token({})
    expect(withoutAnything).toBeTypeOf('function')
  })

  it('declares every name at its moment, and no other', () => {
    const none = new Map<string, never>()
    const names = declareNames({ members: none, claims: none, requestClaims: none, parameters: none, lookups: none })
    // Without look-ups of a policy both are one.
    expect(names.environment).toBe(names.lookupEnvironment)
    const known = (environment: typeof names.environment): readonly string[] =>
      FACT_NAMES.filter((name) => environment.hasVariable(name))
    expect(known(names.certificateEnvironment)).toEqual(factsKnown('always', 'certificate'))
    expect(known(names.registeredEnvironment)).toEqual(factsKnown('always'))
    expect(known(names.environment)).toEqual(factsKnown('always', 'certificate', 'request', 'decision'))
    expect(FACT_NAMES.filter((name) => FACTS[name].known === 'variables')).toEqual(['variables'])
  })

  it('keeps from addresses of look-ups what is made later', () => {
    const none = new Map<string, never>()
    const lookups = new Map([['keys', 'list<Key>']])
    const { lookupEnvironment } = declareNames({
      ...{ members: none, claims: none, requestClaims: none, parameters: none },
      lookups,
    })
    const unknown = FACT_NAMES.filter((name) => !lookupEnvironment.hasVariable(name))
    expect(unknown.toSorted()).toEqual(['lookups', 'metadata', 'variables'])
  })

  it('has a value for each name in a judgement', async () => {
    const policy = await loadPolicy('rules: []')
    const facts = { ...present({}), certificateClass: '', requested: {}, translations: {} }
    const activation = buildActivation(policy, facts)
    expect(Object.keys(activation).toSorted()).toEqual(FACT_NAMES.toSorted())
    expect(STATEMENT_FACTS.every((name) => name in activation)).toBe(true)
  })

  it('has a value for each field of a certificate, down to its names', () => {
    const subject = 'organizationIdentifier=PSDGB-FCA-918273,CN=client'
    const facts = buildCaseCertificate({ subject, qualified: { psd2: { roles: ['PSP_AI'] } } })
    const value = certificateValue(facts) as unknown as Readonly<Record<keyof typeof FIXED_TYPES.Certificate, object>>
    const { subject: name, qualified, subjectAltNames, publicKey, organizationIdentifier } = value
    const parts = { Certificate: value, Name: name, QualifiedStatements: qualified } as const
    const more = {
      SubjectAltNames: subjectAltNames,
      PublicKey: publicKey,
      OrganizationIdentifier: organizationIdentifier,
    }
    for (const [type, part] of Object.entries({ ...parts, ...more }))
      expect([type, ...Object.keys(part).toSorted()]).toEqual([
        type,
        ...Object.keys(FIXED_TYPES[type as keyof typeof FIXED_TYPES]).toSorted(),
      ])
  })
})
