import { escapeControls } from '../../document/escape-controls.ts'
import { writeDistinguishedName } from '../../distinguished-name/write-distinguished-name.ts'
import type { ListedRoot } from './select-services.ts'
import type { ListedService } from './trusted-list.ts'

export interface RootFile {
  readonly name: string
  readonly text: string
}

const SLUG_LIMIT_CHARACTERS = 48
const SHOWN_LIMIT_CHARACTERS = 200

/** One certificate as a file of its own, under a name that tells people whose it is and that no list can steer elsewhere. */
export function writeRootFile(territory: string, { certificate, services }: ListedRoot): RootFile {
  const { facts, der } = certificate
  const digest = Buffer.from(facts.thumbprint, 'base64url').toString('hex')
  const comments = [
    ...services.flatMap((service) => describe(service)),
    `subject: ${writeDistinguishedName(facts.subject)}`,
    `valid until: ${facts.notAfter.toISOString()}`,
  ]
  return {
    name: `${territory.toLowerCase()}-${slug(services[0].name)}-${digest.slice(0, 16)}.pem`,
    text: `${comments.map(writeComment).join('')}${writePem(der)}`,
  }
}

function describe({ provider, name, since }: ListedService): readonly string[] {
  return [`provider: ${provider}`, `service: ${name}`, `status: granted since ${since?.toISOString() ?? 'unknown'}`]
}

/** A name with a line break in it must not begin a certificate of its own (RFC 7468 section 2 lets text stand before one). */
function writeComment(text: string): string {
  return `# ${escapeControls(text).slice(0, SHOWN_LIMIT_CHARACTERS)}\n`
}

function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LIMIT_CHARACTERS)
    .replace(/^-+|-+$/g, '')
  return plain === '' ? 'service' : plain
}

function writePem(der: Buffer): string {
  const lines = der.toString('base64').replace(/.{1,64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`
}
