import { describe, expect, it } from 'vitest'
import { NO_POLICY_DEMANDED, type PathInputs } from '../../../../../src/certificate/path/path-inputs.ts'
import { verifyPresented } from '../../../../../src/certificate/verify-presented.ts'
import {
  mintAuthority,
  mintClientCertificate,
  presentedChain,
  type MintedAuthority,
  type MintOptions,
} from '../../../../support/mint-certificates.ts'
import { inhibitAnyPolicy, policyConstraints, policyMappings } from '../../../../support/mint-extensions.ts'
import { refusalOf, trustOf } from '../../chain-fixture.ts'

const [P1, P2, P3, ANY] = ['1.2.3.1', '1.2.3.2', '1.2.3.3', '2.5.29.32.0']
const EXPLICIT: PathInputs = { ...NO_POLICY_DEMANDED, explicitPolicyRequired: true }
const accepting = (...initialPolicySet: readonly string[]): PathInputs => ({ ...EXPLICIT, initialPolicySet })

/** What becomes of a client at the end of these certificates, the one below the root first. */
async function verdict(inputs: PathInputs, ...options: readonly MintOptions[]): Promise<string> {
  const root = await mintAuthority({ subject: [['CN', 'Root']], keyLabel: 'policy root' })
  let issuer: MintedAuthority = root
  for (const [level, ofAuthority] of options.slice(0, -1).entries())
    issuer = await mintAuthority({ issuer, subject: [['CN', `Level ${String(level)}`]], ...ofAuthority })
  const client = await mintClientCertificate(issuer, options.at(-1))
  const [own = client.der, ...others] = presentedChain(client)
  const result = verifyPresented(own, others, trustOf([root]), inputs)
  if ('paths' in result) return 'accepted'
  const { reason, found } = refusalOf(result)
  return reason === 'client-certificate-policy-not-permitted' ? (found ?? '') : reason
}

const policies = (...list: readonly string[]): MintOptions => ({ policies: list })
const withExtensions = (list: readonly string[], ...extraExtensions: NonNullable<MintOptions['extraExtensions']>) => ({
  policies: list,
  extraExtensions,
})

describe('certificate policies (RFC 5280 6.1, RFC 9618)', () => {
  it.each<[string, PathInputs, readonly MintOptions[], string]>([
    ['none at all where none is demanded', NO_POLICY_DEMANDED, [{}, {}], 'accepted'],
    ['different ones where none is demanded', NO_POLICY_DEMANDED, [policies(P1), policies(P2)], 'accepted'],
    ['none where one is demanded', EXPLICIT, [{}, {}], 'no certificate policy, of CN=Level 0'],
    ['the same all the way', EXPLICIT, [policies(P1), policies(P1)], 'accepted'],
    ['one that the issuer does not have', EXPLICIT, [policies(P1), policies(P2)], `certificate policies ${P2}`],
    ['none of the client', EXPLICIT, [policies(P1), {}], 'no certificate policy'],
    ['the accepted one', accepting(P1), [policies(P1, P2), policies(P1)], 'accepted'],
    ['another than the accepted one', accepting(P2), [policies(P1), policies(P1)], `certificate policies ${P1}`],
    ['one of two accepted ones', accepting(P3, P2), [policies(P2), policies(P2)], 'accepted'],
    ['any policy of the issuer', accepting(P1), [policies(ANY), policies(P1)], 'accepted'],
    ['any policy of the client', accepting(P1), [policies(P1), policies(ANY)], 'accepted'],
    ['any policy of both', accepting(P1), [policies(ANY), policies(ANY)], 'accepted'],
    ['another below any policy', accepting(P2), [policies(ANY), policies(P1)], `certificate policies ${P1}`],
    ['any policy accepted by its name', accepting(ANY), [policies(P1), policies(P1)], 'accepted'],
    [
      'any policy, inhibited from the start',
      { ...EXPLICIT, anyPolicyInhibited: true },
      [policies(ANY), policies(ANY)],
      `certificate policies ${ANY}, of CN=Level 0`,
    ],
    [
      'any policy, inhibited by the issuer',
      EXPLICIT,
      [withExtensions([P1], inhibitAnyPolicy(0)), policies(ANY)],
      `certificate policies ${ANY}`,
    ],
    [
      'any policy, inhibited one certificate further down',
      EXPLICIT,
      [withExtensions([P1], inhibitAnyPolicy(1)), policies(ANY), policies(ANY)],
      `certificate policies ${ANY}`,
    ],
    [
      'a policy demanded by the issuer at once',
      NO_POLICY_DEMANDED,
      [withExtensions([P1], policyConstraints(0, null)), policies(P2)],
      `certificate policies ${P2}`,
    ],
    [
      'a policy demanded by the issuer of others further down',
      NO_POLICY_DEMANDED,
      [withExtensions([P1], policyConstraints(3, null)), policies(P2)],
      'accepted',
    ],
    [
      'a policy demanded by the client of itself',
      NO_POLICY_DEMANDED,
      [{}, { extraExtensions: [policyConstraints(0, null)] }],
      'no certificate policy',
    ],
    ['a mapped one', accepting(P1), [withExtensions([P1], policyMappings([P1, P2])), policies(P2)], 'accepted'],
    [
      'the name that a mapped one has no more',
      accepting(P1),
      [withExtensions([P1], policyMappings([P1, P2])), policies(P1)],
      `certificate policies ${P1}`,
    ],
    [
      'a mapped one by the name it has below',
      accepting(P2),
      [withExtensions([P1], policyMappings([P1, P2])), policies(P2)],
      `certificate policies ${P2}`,
    ],
    [
      'one that is mapped out of any policy',
      accepting(P1),
      [withExtensions([ANY], policyMappings([P1, P2])), policies(P2)],
      'accepted',
    ],
    [
      'two that are mapped to one, of which one is accepted',
      accepting(P2),
      [withExtensions([P1, P2], policyMappings([P1, P3], [P2, P3])), policies(P3)],
      'accepted',
    ],
    [
      'a mapping, inhibited from the start',
      { ...EXPLICIT, policyMappingInhibited: true },
      [withExtensions([P1], policyMappings([P1, P2])), policies(P2)],
      `certificate policies ${P2}`,
    ],
    [
      'a mapping, inhibited by the issuer above',
      EXPLICIT,
      [withExtensions([P1], policyConstraints(null, 0)), withExtensions([P1], policyMappings([P1, P2])), policies(P2)],
      `certificate policies ${P2}`,
    ],
    [
      'a mapping to any policy',
      NO_POLICY_DEMANDED,
      [withExtensions([P1], policyMappings([P1, ANY])), policies(P1)],
      'a mapping from or to anyPolicy, of CN=Level 0',
    ],
    [
      'a mapping from any policy',
      NO_POLICY_DEMANDED,
      [withExtensions([P1], policyMappings([ANY, P1])), policies(P1)],
      'a mapping from or to anyPolicy, of CN=Level 0',
    ],
  ])('are followed: %s', async (_, inputs, options, expected) => {
    expect(await verdict(inputs, ...options)).toBe(expected)
  })
})
