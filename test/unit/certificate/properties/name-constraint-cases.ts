import type { Attribute, Subject } from '../../../support/mint-subject.ts'
import type { NameSpec } from '../../../support/write-extensions.ts'

interface Constraints {
  readonly permitted?: readonly NameSpec[]
  readonly excluded?: readonly NameSpec[]
}

/** Name constraints in terms of the one word that is in all names of a hierarchy. */
export interface NameConstraintCase {
  readonly name: string
  readonly constraints: (word: string) => Constraints
}

export type NamedForm = 'dns' | 'email' | 'uri' | 'ip'

const ADDRESS = [10, 1, 2, 3]
const ADDRESS_6 = [0xfd, ...Array<number>(14).fill(0), 1]
const WHOLE_V6_RANGE = [0xfd, ...Array<number>(15).fill(0), 0xff, ...Array<number>(15).fill(0)]
const OTHER_V6_RANGE = [0xfe, 0x80, ...Array<number>(14).fill(0), 0xff, 0xff, ...Array<number>(14).fill(0)]

export const organisation = (word: string): string => `Organisation ${word}`
export const clientHost = (word: string): string => `client.${word}.example`

/** What the client is called besides its subject, by form. */
export function alternativeNamesOf(word: string, form: NamedForm): readonly NameSpec[] {
  switch (form) {
    case 'dns':
      return [
        { form, text: clientHost(word) },
        { form, text: `*.${clientHost(word)}` },
      ]
    case 'email':
      return [{ form, text: `who@mail.${word}.example` }]
    case 'uri':
      return [{ form, text: `https://${clientHost(word)}:8443/path?query` }]
    case 'ip':
      return [
        { form, bytes: ADDRESS },
        { form, bytes: ADDRESS_6 },
      ]
  }
}

const directory = (name: string, common?: string): NameSpec => ({
  form: 'directory',
  name: [['O', name], ...(common === undefined ? [] : [['CN', common] as const])],
})

/** Constraints that every name of a hierarchy keeps to. */
export const PERMITTING = [
  'permits the domain',
  'permits the domain by a leading dot',
  'permits every host',
  'permits the mail domain',
  'permits mail below the domain',
  'permits the mailbox',
  'permits the host of the URI',
  'permits hosts of URIs below the domain',
  'permits the addresses',
  'permits the organisation',
  'permits every directory name',
  'excludes another domain',
  'excludes other mail',
  'excludes another host of URIs',
  'excludes other addresses',
  'excludes another organisation',
] as const

export type PermittingConstraint = (typeof PERMITTING)[number]

export const PERMITTING_CASES: Readonly<Record<PermittingConstraint, (word: string) => Constraints>> = {
  'permits the domain': (word) => ({ permitted: [{ form: 'dns', text: `${word}.example` }] }),
  'permits the domain by a leading dot': (word) => ({
    permitted: [{ form: 'dns', text: `.${word.toUpperCase()}.example` }],
  }),
  'permits every host': () => ({ permitted: [{ form: 'dns', text: '' }] }),
  'permits the mail domain': (word) => ({ permitted: [{ form: 'email', text: `mail.${word}.example` }] }),
  'permits mail below the domain': (word) => ({ permitted: [{ form: 'email', text: `.${word}.example` }] }),
  'permits the mailbox': (word) => ({ permitted: [{ form: 'email', text: `who@mail.${word}.example` }] }),
  'permits the host of the URI': (word) => ({ permitted: [{ form: 'uri', text: clientHost(word) }] }),
  'permits hosts of URIs below the domain': (word) => ({ permitted: [{ form: 'uri', text: `.${word}.example` }] }),
  'permits the addresses': () => ({
    permitted: [
      { form: 'ip', bytes: [10, 0, 0, 0, 255, 0, 0, 0] },
      { form: 'ip', bytes: WHOLE_V6_RANGE },
    ],
  }),
  'permits the organisation': (word) => ({ permitted: [directory(organisation(word))] }),
  'permits every directory name': () => ({ permitted: [{ form: 'directory', name: [] }] }),
  'excludes another domain': () => ({ excluded: [{ form: 'dns', text: 'other.example' }] }),
  'excludes other mail': () => ({ excluded: [{ form: 'email', text: 'other.example' }] }),
  'excludes another host of URIs': () => ({ excluded: [{ form: 'uri', text: 'other.example' }] }),
  'excludes other addresses': () => ({
    excluded: [
      { form: 'ip', bytes: [192, 0, 2, 0, 255, 255, 255, 0] },
      { form: 'ip', bytes: OTHER_V6_RANGE },
    ],
  }),
  'excludes another organisation': () => ({ excluded: [directory('Other')] }),
}

/** Constraints that some name of the client breaks, if it has one of the form. */
export const FORBIDDING: readonly (NameConstraintCase & { readonly form: NamedForm | 'directory' })[] = [
  {
    form: 'dns',
    name: 'permits another domain',
    constraints: () => ({ permitted: [{ form: 'dns', text: 'other.example' }] }),
  },
  {
    form: 'dns',
    name: 'permits a domain that only ends alike',
    constraints: (word) => ({ permitted: [{ form: 'dns', text: `t.${word}.example` }] }),
  },
  {
    form: 'dns',
    name: 'excludes the domain',
    constraints: (word) => ({ excluded: [{ form: 'dns', text: `${word}.example` }] }),
  },
  { form: 'dns', name: 'excludes every host', constraints: () => ({ excluded: [{ form: 'dns', text: '' }] }) },
  {
    form: 'email',
    name: 'permits other mail',
    constraints: () => ({ permitted: [{ form: 'email', text: 'other.example' }] }),
  },
  {
    form: 'email',
    name: 'permits another mailbox',
    constraints: (word) => ({ permitted: [{ form: 'email', text: `whom@mail.${word}.example` }] }),
  },
  {
    form: 'email',
    name: 'permits mail of the domain above alone',
    constraints: (word) => ({ permitted: [{ form: 'email', text: `${word}.example` }] }),
  },
  {
    form: 'email',
    name: 'excludes mail below the domain',
    constraints: (word) => ({ excluded: [{ form: 'email', text: `.${word}.example` }] }),
  },
  {
    form: 'uri',
    name: 'permits URIs of another host',
    constraints: () => ({ permitted: [{ form: 'uri', text: 'other.example' }] }),
  },
  {
    form: 'uri',
    name: 'permits URIs of the domain above alone',
    constraints: (word) => ({ permitted: [{ form: 'uri', text: `${word}.example` }] }),
  },
  {
    form: 'uri',
    name: 'excludes URIs below the domain',
    constraints: (word) => ({ excluded: [{ form: 'uri', text: `.${word}.example` }] }),
  },
  {
    form: 'ip',
    name: 'permits other addresses',
    constraints: () => ({ permitted: [{ form: 'ip', bytes: [10, 1, 2, 4, 255, 255, 255, 255] }] }),
  },
  {
    form: 'ip',
    name: 'permits addresses of version 4 alone',
    constraints: () => ({ permitted: [{ form: 'ip', bytes: [10, 0, 0, 0, 255, 0, 0, 0] }] }),
  },
  {
    form: 'ip',
    name: 'excludes the address of version 6',
    constraints: () => ({ excluded: [{ form: 'ip', bytes: WHOLE_V6_RANGE }] }),
  },
  { form: 'directory', name: 'permits another organisation', constraints: () => ({ permitted: [directory('Other')] }) },
  {
    form: 'directory',
    name: 'permits names below another one of the organisation',
    constraints: (word) => ({ permitted: [directory(organisation(word), 'nobody')] }),
  },
  {
    form: 'directory',
    name: 'excludes the organisation',
    constraints: (word) => ({ excluded: [directory(organisation(word))] }),
  },
]

/** The word of a hierarchy, from the name of one of its authorities, however it is spelt there. */
export function wordOf(name: Subject): string {
  const [, value] = (name[0] ?? ['O', '']) as Attribute
  return value.trim().split(/ +/)[1]?.toLowerCase() ?? ''
}
