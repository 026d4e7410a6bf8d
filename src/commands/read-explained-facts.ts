import { text as readAll } from 'node:stream/consumers'
import { readFile } from 'node:fs/promises'
import { CertificateSyntaxError, parseCertificate } from '../certificate/parse/parse-certificate.ts'
import { describeMissing } from '../document/describe-missing.ts'
import { readDocument } from '../document/read-document.ts'
import { JsonFault, parseStrictJson } from '../json/parse-strict-json.ts'
import type { CertificateFacts } from '../model/client.ts'
import type { Fault } from '../model/fault.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'
import { caseCertificateSchema, type CaseCertificate } from '../policy/cases/cases-file-schema.ts'
import { splitClaims } from '../signature/split-claims.ts'
import { readPresented } from './read-presented.ts'

/** Of what a person has at hand; the policy judges no more than this. */
const JSON_LIMITS = { depth: 64, values: 100_000 }
const COMPACT_JWS = /^([\w-]+)\.([\w-]+)\.[\w-]*$/

/** A certificate from PEM, or facts as cases.yaml has them. */
export type ExplainedCertificate = { readonly parsed: CertificateFacts } | { readonly written: CaseCertificate }

/** A file that holds PEM certificates, the client's own first, or the facts of one in YAML. */
export async function readCertificate(file: string): Promise<ExplainedCertificate | Fault> {
  const text = await readText(file)
  if (typeof text !== 'string') return text
  if (!text.includes('-----BEGIN ')) {
    const { value, faults } = readDocument(file, text, caseCertificateSchema)
    return value === null ? (faults[0] ?? inputFault(file, 'facts of a certificate', 'none')) : { written: value }
  }
  const presented = await readPresented(file)
  if ('wanted' in presented) return presented
  try {
    return { parsed: parseCertificate(presented[0]).facts }
  } catch (failure) {
    if (!(failure instanceof CertificateSyntaxError)) throw failure
    return inputFault(file, 'a certificate that can be read', failure.message)
  }
}

/** A request body, its software statement and the claims of a signed one apart. */
export interface ExplainedBody {
  readonly metadata: JsonObject
  readonly statement: string | null
  /** Null for one that is not signed. */
  readonly signed: { readonly header: JsonObject; readonly claims: JsonObject } | null
}

/** A body as it was sent, JSON or a compact JWS; `declared` are the claims that a policy names beside the registered ones. */
export async function readBody(file: string, declared: readonly string[]): Promise<ExplainedBody | Fault> {
  const text = await readText(file)
  if (typeof text !== 'string') return text
  const [, header, payload] = COMPACT_JWS.exec(text.trim()) ?? []
  const body = parseObject(file, payload === undefined ? text : decode(payload))
  const head = header === undefined ? null : parseObject(file, decode(header))
  if (isFault(body)) return body
  if (head !== null && isFault(head)) return head
  const { software_statement: statement, ...members } = body.value
  if (statement !== undefined && typeof statement !== 'string')
    return inputFault(file, 'software_statement as a string', 'another JSON value')
  if (head === null) return { metadata: members, statement: statement ?? null, signed: null }
  const { metadata, claims } = splitClaims(members, declared)
  return { metadata, statement: statement ?? null, signed: { header: head.value, claims } }
}

/** Claims from a file with a compact JWS, or with the bare claims in JSON. */
export async function readStatement(file: string): Promise<{ readonly claims: JsonObject } | Fault> {
  const text = await readText(file)
  return typeof text === 'string' ? readClaims(file, text) : text
}

/** Nothing is verified: whoever explains may well have a statement whose keys are gone. */
export function readClaims(file: string, text: string): { readonly claims: JsonObject } | Fault {
  const payload = COMPACT_JWS.exec(text.trim())?.[2]
  const claims = parseObject(file, payload === undefined ? text : decode(payload))
  return isFault(claims) ? claims : { claims: claims.value }
}

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString()
}

export function isFault(value: object): value is Fault {
  return 'wanted' in value && 'found' in value && 'file' in value
}

async function readText(file: string): Promise<string | Fault> {
  if (file === '-') return readAll(process.stdin)
  try {
    return await readFile(file, 'utf8')
  } catch (failure) {
    return inputFault(file, 'a readable file', describeMissing(failure, file))
  }
}

function parseObject(file: string, text: string): { readonly value: JsonObject } | Fault {
  try {
    const value = parseStrictJson(Buffer.from(text), JSON_LIMITS)
    return isJsonObject(value) ? { value } : inputFault(file, 'a JSON object', 'another JSON value')
  } catch (failure) {
    if (!(failure instanceof JsonFault)) throw failure
    const { reason, at, offset } = failure
    const line = text.slice(0, offset).split('\n').length
    return { ...inputFault(file, 'strict JSON', reason), line, column: 1, path: at }
  }
}

function inputFault(file: string, wanted: string, found: string): Fault {
  return { file, line: 0, column: 0, path: '', wanted, found }
}
