import type { Reason } from '../../../../../src/model/reasons.ts'
import { readDer } from '../../../../../src/asn1/read-der.ts'
import type { HierarchyPlan } from '../../../../support/mint-hierarchy.ts'
import { pssAlgorithm, signatureAlgorithm } from '../../../../support/signing-keys.ts'
import { der, derOid } from '../../../../support/write-der.ts'
import { chooseTarget, isAnchor, isClient, withCertificate, withSpec, type Choose, type Mutation } from '../mutation.ts'

/** What becomes of bytes that are changed after they were signed; nobody signs anchors, so those are left alone. */
function damage(
  plan: HierarchyPlan,
  choose: Choose,
  change: (bytes: Buffer) => Buffer,
  reasons: { readonly ofClient: readonly Reason[]; readonly ofIssuer: readonly Reason[] },
): ReturnType<Mutation['mutate']> {
  const target = chooseTarget(plan, choose, (one) => !isAnchor(one))
  if (target === null) return null
  return {
    plan: withCertificate(plan, target, { damage: change }),
    reasons: isClient(target) ? reasons.ofClient : reasons.ofIssuer,
  }
}

/** Flips some bits of one byte between two offsets. */
function flip(bytes: Buffer, start: number, end: number, choose: Choose): Buffer {
  const position = start + choose(Array.from({ length: end - start }, (_, index) => index))
  const mask = choose([0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff])
  bytes[position] = (bytes[position] ?? 0) ^ mask
  return bytes
}

const INVALID = ['client-certificate-signature-invalid'] as const
/** An issuer's certificate that cannot be read is as good as none. */
const UNREADABLE = {
  ofClient: ['client-certificate-malformed'],
  ofIssuer: ['client-certificate-issuer-unknown'],
} as const

export const byteMutations: readonly Mutation[] = [
  {
    name: 'a flipped byte in a signature',
    mutate: (plan, choose) => {
      const change = (bytes: Buffer): Buffer => {
        const signature = readDer(bytes).children[2]?.contents.length ?? 0
        return flip(bytes, bytes.length - signature + 1, bytes.length, choose)
      }
      return damage(plan, choose, change, { ofClient: INVALID, ofIssuer: INVALID })
    },
  },
  {
    name: 'a flipped byte in a signed part',
    mutate: (plan, choose) => {
      const change = (bytes: Buffer): Buffer => {
        const tbs = readDer(bytes).children[0]
        const start = bytes.length - readDer(bytes).contents.length
        return flip(bytes, start, start + (tbs?.length ?? 0), choose)
      }
      // Another name leads elsewhere; everything else breaks the signature before it is looked at.
      return damage(plan, choose, change, {
        ofClient: [...UNREADABLE.ofClient, ...UNREADABLE.ofIssuer, ...INVALID],
        ofIssuer: [...UNREADABLE.ofIssuer, ...INVALID],
      })
    },
  },
  {
    name: 'another signature algorithm outside the signed part (RFC 5280 4.1.1.2)',
    mutate: (plan, choose) => {
      const other = choose([
        der(0x30, derOid('1.2.840.10045.4.3.1')),
        pssAlgorithm('sha256', 20),
        der(0x30, derOid('1.3.101.113')),
      ])
      const change = (bytes: Buffer): Buffer => {
        const [tbs, , signature] = readDer(bytes).children
        return der(0x30, tbs?.raw ?? Buffer.alloc(0), other, signature?.raw ?? Buffer.alloc(0))
      }
      return damage(plan, choose, change, UNREADABLE)
    },
  },
  {
    name: 'a signature algorithm that was not used',
    mutate: (plan, choose) => {
      const target = chooseTarget(
        plan,
        choose,
        (one) => !isAnchor(one) && one.certificate.spec.signer.kind !== 'ed25519',
      )
      if (target === null) return null
      const { signer, style } = target.certificate.spec
      const digest = choose((['sha256', 'sha384', 'sha512'] as const).filter((one) => one !== style.digest))
      const algorithm = signatureAlgorithm(signer, { ...style, digest })
      return { plan: withSpec(plan, target, { raw: { algorithm } }), reasons: INVALID }
    },
  },
]
