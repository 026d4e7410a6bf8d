import { beforeAll, describe, expect, it } from 'vitest'
import { verifyPresented } from '../../../../../src/certificate/verify-presented.ts'
import {
  mintAuthority,
  mintClientCertificate,
  type MintedAuthority,
  type MintedCertificate,
  type MintedExtension,
  type MintOptions,
} from '../../../../support/mint-certificates.ts'
import { alternativeNames, generalName, nameConstraints } from '../../../../support/mint-extensions.ts'
import { der } from '../../../../support/write-der.ts'
import { ISSUING, ROOT, refusalOf, trustOf, verifyChain } from '../../chain-fixture.ts'

const { directory, dns, email, ip, other, registeredId, uri } = generalName
const UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9'

let root: MintedAuthority

beforeAll(async () => {
  root = await mintAuthority({ subject: ROOT, keyLabel: 'root' })
})

const issuing = (...extraExtensions: readonly MintedExtension[]): Promise<MintedAuthority> =>
  mintAuthority({ issuer: root, subject: ISSUING, keyLabel: 'issuing', extraExtensions })
const below = (authority: MintedAuthority, options: MintOptions = {}): Promise<MintedCertificate> =>
  mintClientCertificate(authority, { subject: [['CN', 'client']], keyLabel: 'client', ...options })

/** What becomes of a client with these names below an authority with these constraints. */
async function verdict(constraints: MintedExtension, options: MintOptions): Promise<string> {
  const result = verifyChain(await below(await issuing(constraints), options), trustOf([root]))
  if ('paths' in result) return 'accepted'
  const { reason, at, found } = refusalOf(result)
  return reason === 'client-certificate-name-not-permitted' && at === 'client certificate' ? (found ?? '') : reason
}

const names = (...all: readonly Buffer[]): MintOptions => ({ extraExtensions: [alternativeNames(...all)] })
const forbidden = 'directory name O=Other'

describe('name constraints', () => {
  it.each<[string, readonly Buffer[], readonly Buffer[], MintOptions, string]>([
    ['a permitted host', [dns('example.com')], [], names(dns('a.example.com')), 'accepted'],
    ['another host', [dns('example.com')], [], names(dns('example.org')), 'dns name example.org'],
    ['an excluded host', [], [dns('example.com')], names(dns('a.example.com')), 'dns name a.example.com'],
    ['a host beside the excluded one', [], [dns('example.com')], names(dns('example.org')), 'accepted'],
    [
      'a host that is excluded within the permitted ones',
      [dns('example.com')],
      [dns('a.example.com')],
      names(dns('a.example.com')),
      'dns name a.example.com',
    ],
    [
      'the second of two permitted',
      [dns('example.com'), dns('example.org')],
      [],
      names(dns('example.org')),
      'accepted',
    ],
    [
      'one permitted name and another',
      [dns('example.com')],
      [],
      names(dns('a.example.com'), dns('example.org')),
      'dns name example.org',
    ],
    ['names of other forms only', [dns('example.com')], [], names(uri('https://example.org/')), 'accepted'],
    ['a host in the URI', [uri('example.com')], [], names(uri('https://example.com/x')), 'accepted'],
    [
      'another host in the URI',
      [uri('example.com')],
      [],
      names(uri('https://a.example.com/')),
      'uri name https://a.example.com/',
    ],
    ['no host in the URI, permitted', [uri('example.com')], [], names(uri('urn:x')), 'uri name urn:x'],
    ['no host in the URI, excluded', [], [uri('example.com')], names(uri('urn:x')), 'uri name urn:x'],
    ['a permitted address', [ip(192, 0, 2, 0, 255, 255, 255, 0)], [], names(ip(192, 0, 2, 7)), 'accepted'],
    ['another address', [ip(192, 0, 2, 0, 255, 255, 255, 0)], [], names(ip(192, 0, 3, 7)), 'ip name c0000307'],
    ['an excluded address', [], [ip(192, 0, 2, 0, 255, 255, 255, 0)], names(ip(192, 0, 2, 7)), 'ip name c0000207'],
    [
      'an address of the other family',
      [ip(192, 0, 2, 0, 255, 255, 255, 0)],
      [],
      names(ip(...Buffer.from('20010db8000000000000000000000001', 'hex'))),
      'ip name 20010db8000000000000000000000001',
    ],
    ['a permitted mailbox', [email('example.com')], [], names(email('a@example.com')), 'accepted'],
    ['another mailbox', [email('example.com')], [], names(email('a@example.org')), 'email name a@example.org'],
    [
      'a mail address in the subject',
      [email('example.com')],
      [],
      { subject: [['emailAddress', 'a@example.org']] },
      'email name a@example.org',
    ],
    [
      'a mail address in the subject beside a permitted one',
      [email('example.com')],
      [],
      { subject: [['emailAddress', 'a@example.org']], ...names(email('a@example.com')) },
      'email name a@example.org',
    ],
    [
      'a permitted mail address in the subject',
      [email('example.com')],
      [],
      { subject: [['emailAddress', 'a@example.com']] },
      'accepted',
    ],
    [
      'a mail address beyond ASCII',
      [email('example.com')],
      [],
      names(other(UTF8_MAILBOX, der(0x0c, Buffer.from('ü@example.com')))),
      'other name',
    ],
    [
      'a common name that is a host',
      [dns('example.com')],
      [],
      { subject: [['CN', 'a.example.org']] },
      'dns name a.example.org',
    ],
    [
      'a common name that is a host, beside a permitted one',
      [dns('example.com')],
      [],
      { subject: [['CN', 'a.example.org']], ...names(dns('a.example.com')) },
      'accepted',
    ],
    [
      'a subject below the permitted one',
      [directory([['O', 'Example']])],
      [],
      {
        subject: [
          ['O', 'example '],
          ['CN', 'x'],
        ],
      },
      'accepted',
    ],
    ['another subject', [directory([['O', 'Example']])], [], { subject: [['O', 'Other']] }, forbidden],
    [
      'a subject that begins alike',
      [directory([['O', 'Example']])],
      [],
      { subject: [['O', 'Example2']] },
      'directory name O=Example2',
    ],
    [
      'the permitted name further down',
      [directory([['O', 'Example']])],
      [],
      {
        subject: [
          ['C', 'BR'],
          ['O', 'Example'],
        ],
      },
      'directory name O=Example,C=BR',
    ],
    ['an excluded subject', [], [directory([['O', 'Other']])], { subject: [['O', 'Other']] }, forbidden],
    ['an alternative directory name', [], [directory([['O', 'Other']])], names(directory([['O', 'Other']])), forbidden],
    [
      'an empty subject',
      [directory([['O', 'Example']])],
      [],
      { subject: [], ...names(dns('a.example.com')) },
      'accepted',
    ],
    ['all subjects excluded', [], [directory([])], {}, 'directory name CN=client'],
    ['a form without rules', [registeredId('1.2.3')], [], names(registeredId('1.2.3')), 'registeredId name'],
    ['a form without rules that does not occur', [registeredId('1.2.3')], [], names(dns('example.org')), 'accepted'],
    [
      'another name of the type that is bound',
      [other('1.2.3', der(5))],
      [],
      names(other('1.2.3', der(5))),
      'other name',
    ],
    ['another name of another type', [other('1.2.3', der(5))], [], names(other('1.2.4', der(5))), 'accepted'],
  ])('are obeyed: %s', async (_, permitted, excluded, options, expected) => {
    expect(await verdict(nameConstraints(permitted, excluded), options)).toBe(expected)
  })

  it('bind even where their issuer forgot to mark them critical', async () => {
    const constraints = nameConstraints([dns('example.com')], [], false)
    expect(await verdict(constraints, names(dns('example.org')))).toBe('dns name example.org')
  })

  it('are carried down: a lower authority can narrow them, never widen them (RFC 5280 6.1.4 (g))', async () => {
    const upper = await issuing(nameConstraints([dns('example.com')]))
    const lowerWith = (base: string): Promise<MintedAuthority> =>
      mintAuthority({ issuer: upper, subject: [['CN', 'Lower']], extraExtensions: [nameConstraints([dns(base)])] })
    const [narrow, wide] = [await lowerWith('a.example.com'), await lowerWith('org')]
    const client = (authority: MintedAuthority, host: string) => below(authority, names(dns(host)))
    const reasonOf = async (certificate: Promise<MintedCertificate>): Promise<string> =>
      refusalOf(verifyChain(await certificate, trustOf([root]))).reason
    expect(verifyChain(await client(narrow, 'x.a.example.com'), trustOf([root]))).toHaveProperty('paths.length', 1)
    expect(await reasonOf(client(narrow, 'b.example.com'))).toBe('client-certificate-name-not-permitted')
    expect(await reasonOf(client(wide, 'example.org'))).toBe('client-certificate-name-not-permitted')
    expect(await reasonOf(client(wide, 'a.example.com'))).toBe('client-certificate-name-not-permitted')
  })

  it('bind the names of intermediates', async () => {
    const upper = await issuing(nameConstraints([directory([['O', 'Example']])]))
    const lower = await mintAuthority({ issuer: upper, subject: [['O', 'Other']] })
    expect(refusalOf(verifyChain(await below(lower, { subject: [['O', 'Example']] }), trustOf([root])))).toEqual({
      reason: 'client-certificate-name-not-permitted',
      at: 'issuer certificate',
      found: 'directory name O=Other, of O=Other',
    })
  })

  it('pass over intermediates that were issued to themselves, not over the client (RFC 5280 6.1.3 (b))', async () => {
    const constraints = nameConstraints([], [directory(ISSUING)])
    const renewed = await mintAuthority({ issuer: await issuing(constraints), subject: ISSUING, keyLabel: 'renewed' })
    expect(verifyChain(await below(renewed), trustOf([root]))).toHaveProperty('paths.length', 1)
    expect(refusalOf(verifyChain(await below(renewed, { subject: ISSUING }), trustOf([root]))).reason).toBe(
      'client-certificate-name-not-permitted',
    )
  })

  it('of an anchor bind too, which is stricter than RFC 5280', async () => {
    const bound = await mintAuthority({ subject: ROOT, extraExtensions: [nameConstraints([dns('example.com')])] })
    const client = await below(bound, names(dns('example.org')))
    expect(refusalOf(verifyPresented(client.der, [], trustOf([bound])))).toEqual({
      reason: 'client-certificate-name-not-permitted',
      at: 'client certificate',
      found: 'dns name example.org',
    })
  })

  it('cost a bounded number of comparisons, however many names meet however many subtrees', async () => {
    const hosts = Array.from({ length: 400 }, (_, number) => dns(`h${String(number)}.example.com`))
    expect(await verdict(nameConstraints(hosts.slice(0, 100)), names(...hosts.slice(0, 100)))).toBe('accepted')
    expect(await verdict(nameConstraints(hosts), names(...hosts))).toBe(
      '401 names under 400 constraints, more than are compared',
    )
  })
})
