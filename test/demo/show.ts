import { styleText } from 'node:util'
import type { RegistrantAnswer } from '../support/registrant.ts'
import type { Step } from './steps.ts'

const SECRETS = new Set(['registration_access_token', 'client_secret'])
const LONG = new Set(['software_statement'])
const SHOWN = ['client_id', 'scope', 'registration_client_uri', 'registration_access_token']
const SENT = [
  'client_id',
  'redirect_uris',
  'scope',
  'token_endpoint_auth_method',
  'request_object_signing_alg',
  'jwks',
  'software_statement',
]

interface ShownFinding {
  readonly rule: string
  readonly clause?: string
  readonly at: string
  readonly message: string
  readonly wanted?: string
  readonly found?: string
  readonly remedy?: string
}

/** What was sent and what came back, as a support engineer would want it on one screen. */
export function showStep(number: number, step: Step, answer: RegistrantAnswer): string {
  const { method, url, body } = step.request
  const lines = [
    styleText('bold', `${number}. ${step.title}`),
    `   > ${method} ${new URL(url).pathname}`,
    ...(typeof body === 'object' ? showMembers(body as Record<string, unknown>, SENT, '   > ') : []),
    ...showAnswer(answer),
  ]
  return `${lines.join('\n')}\n`
}

function showAnswer({ status, body }: RegistrantAnswer): readonly string[] {
  const head =
    status < 400 ? styleText('green', `   < ${status}`) : styleText('yellow', `   < ${status} ${String(body['error'])}`)
  if (status < 400) return [head, ...showMembers(body, SHOWN, '   < ')]
  return [head, ...(body['findings'] as readonly ShownFinding[]).flatMap(showFinding)]
}

function showFinding({ rule, clause, at, message, wanted, found, remedy }: ShownFinding): readonly string[] {
  return [
    `   <   rule    ${rule}${clause === undefined ? '' : `, clause ${clause}`}`,
    `   <           ${at}: ${message}`,
    ...(wanted === undefined ? [] : [`   <   wanted  ${wanted}`]),
    ...(found === undefined ? [] : [`   <   found   ${found}`]),
    ...(remedy === undefined ? [] : [`   <   to do   ${remedy}`]),
  ]
}

function showMembers(
  body: Readonly<Record<string, unknown>>,
  names: readonly string[],
  margin: string,
): readonly string[] {
  return names
    .filter((name) => body[name] !== undefined)
    .map(
      (name) =>
        `${margin}  ${name}: ${SECRETS.has(name) ? '(kept secret here)' : LONG.has(name) ? '(a compact JWS)' : JSON.stringify(body[name])}`,
    )
}

/** Why a step did not come out as it must, or null. */
export function findSurprise(step: Step, answer: RegistrantAnswer): string | null {
  if (answer.status !== step.status) return `wanted status ${step.status}, got ${answer.status}: ${answer.text}`
  const found = ((answer.body['findings'] ?? []) as readonly ShownFinding[]).map(({ rule }) => rule)
  if ([...found].sort().join() === [...(step.rules ?? [])].sort().join()) return null
  return `wanted the rules ${(step.rules ?? []).join(', ')}, got ${found.join(', ')}`
}
