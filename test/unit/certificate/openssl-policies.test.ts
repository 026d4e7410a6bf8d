import { describe, expect, it } from 'vitest'
import { NO_POLICY_DEMANDED, type PathInputs } from '../../../src/certificate/path/path-inputs.ts'
import { verifyPresented } from '../../../src/certificate/verify-presented.ts'
import { presentedChain, type MintedExtension } from '../../support/mint-certificates.ts'
import { inhibitAnyPolicy, policyConstraints, policyMappings } from '../../support/mint-extensions.ts'
import { trustOf } from './chain-fixture.ts'
import { mintNamedChain, opensslAccepts } from './openssl-chain.ts'

const [P1, P2, P3, ANY] = ['1.2.3.1', '1.2.3.2', '1.2.3.3', '2.5.29.32.0']

interface Level {
  readonly policies?: readonly string[]
  readonly extraExtensions?: readonly MintedExtension[]
}

const having = (...policies: readonly string[]): Level => ({ policies })
const saying = (policies: readonly string[], ...extraExtensions: readonly MintedExtension[]): Level => ({
  policies,
  extraExtensions,
})

/** Upper, lower and client. */
const CHAINS: readonly (readonly [chain: string, upper: Level, lower: Level, client: Level])[] = [
  ['no policies', {}, {}, {}],
  ['one policy all the way', having(P1), having(P1), having(P1)],
  ['one policy of several', having(P1, P2), having(P2, P3), having(P2)],
  ['a policy that is lost', having(P1), having(P2), having(P1)],
  ['any policy above', having(ANY), having(ANY), having(P1)],
  ['any policy below', having(P2), having(ANY), having(ANY)],
  ['any policy in between', having(P1), having(ANY), having(P1)],
  ['any policy inhibited', saying([P1], inhibitAnyPolicy(0)), having(ANY), having(P1)],
  ['any policy inhibited further down', saying([P1], inhibitAnyPolicy(1)), having(ANY), having(ANY)],
  ['a policy demanded', saying([P1], policyConstraints(0, null)), having(P1), having(P2)],
  ['a policy demanded further down', saying([P1], policyConstraints(1, null)), having(P1), having(P2)],
  ['a policy demanded beyond the end', saying([P1], policyConstraints(5, null)), having(P1), having(P2)],
  ['a mapping', saying([P1], policyMappings([P1, P2])), having(P2), having(P2)],
  ['two mappings', saying([P1], policyMappings([P1, P2])), saying([P2], policyMappings([P2, P3])), having(P3)],
  ['a mapping not kept to', saying([P1], policyMappings([P1, P2])), having(P1), having(P1)],
  ['a mapping out of any policy', saying([ANY], policyMappings([P1, P2])), having(P2), having(P2)],
  ['a mapping inhibited', saying([P1], policyConstraints(null, 0)), saying([P1], policyMappings([P1, P2])), having(P2)],
  ['a mapping to several', saying([P1], policyMappings([P1, P2], [P1, P3])), having(P2, P3), having(P3)],
  ['a mapping from several', saying([P1, P2], policyMappings([P1, P3], [P2, P3])), having(P3), having(P3)],
  ['a mapping to any policy', saying([P1], policyMappings([P1, ANY])), having(P1), having(P1)],
]

const INPUTS: readonly (readonly [inputs: string, PathInputs, flags: readonly string[]])[] = [
  ['nothing demanded', NO_POLICY_DEMANDED, ['-policy_check']],
  [
    'any policy demanded',
    { ...NO_POLICY_DEMANDED, explicitPolicyRequired: true },
    ['-policy', ANY, '-explicit_policy'],
  ],
  ...[P1, P2, P3].map((policy): readonly [string, PathInputs, readonly string[]] => [
    `${policy} demanded`,
    { ...NO_POLICY_DEMANDED, initialPolicySet: [policy], explicitPolicyRequired: true },
    ['-policy', policy, '-explicit_policy'],
  ]),
  [
    'no mapping allowed',
    { ...NO_POLICY_DEMANDED, explicitPolicyRequired: true, policyMappingInhibited: true },
    ['-policy', ANY, '-explicit_policy', '-inhibit_map'],
  ],
  [
    'any policy not allowed',
    { ...NO_POLICY_DEMANDED, explicitPolicyRequired: true, anyPolicyInhibited: true },
    ['-policy', ANY, '-explicit_policy', '-inhibit_any'],
  ],
]

/**
 * OpenSSL lets a mapping bring in a policy of a certificate that has none but anyPolicy, even where that does not count any more (RFC
 * 5280 section 6.1.3 (d) (2) gives such a certificate no policy that could be mapped).
 */
const STRICTER = 'a mapping out of any policy with any policy not allowed'

describe.each(CHAINS)('the verdict is that of `openssl verify -policy_check` over %s', (name, upper, lower, client) => {
  it.each(INPUTS)('with %s', async (demand, inputs, flags) => {
    const chain = await mintNamedChain('ec', { upper, lower, client })
    const [own = chain.client.der, ...others] = presentedChain(chain.client)
    const gateway = 'paths' in verifyPresented(own, others, trustOf([chain.root]), inputs)
    const openssl = await opensslAccepts(chain, flags)
    expect(gateway).toBe(`${name} with ${demand}` === STRICTER ? !openssl : openssl)
  })
})
