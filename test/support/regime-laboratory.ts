import { resolve } from 'node:path'
import { startLaboratoryGateway } from './gateway.ts'
import { openLaboratory, type Laboratory, type LaboratoryOptions } from './laboratory.ts'
import { sendAs, type RegistrantAnswer, type RegistrantIdentity } from './registrant.ts'

const POLICIES = resolve(import.meta.dirname, '../../policies')
const PATH = '/register'

type Settings = Readonly<Record<string, unknown>>

/** A gateway that serves one published policy. */
export interface RegimeGateway {
  readonly create: (as: RegistrantIdentity, body: string | object, options?: SendOptions) => Promise<RegistrantAnswer>
  /** Reads, updates or deletes what was created, with its own token unless told otherwise. */
  readonly manage: (
    as: RegistrantIdentity,
    created: RegistrantAnswer,
    method: 'GET' | 'PUT' | 'DELETE',
    options?: SendOptions & { readonly body?: string | object; readonly token?: string },
  ) => Promise<RegistrantAnswer>
}

/** A gateway with everything around it. */
export interface RegimeLaboratory extends RegimeGateway {
  readonly laboratory: Laboratory
  /** Another gateway before the same identity server, which differs in these keys of its endpoint. */
  readonly beside: (endpoint: Settings) => Promise<RegimeGateway>
  readonly stop: () => Promise<void>
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>
}

export interface RegimeOptions extends Partial<LaboratoryOptions> {
  /** What gateway.yaml says besides, once everything has its address. */
  readonly settings?: (laboratory: Laboratory) => Settings
}

/** Starts a gateway whose one endpoint has these keys; its certificates are of the laboratory's issuer. */
export async function openRegimeLaboratory(endpoint: Settings, options: RegimeOptions = {}): Promise<RegimeLaboratory> {
  const { settings = () => ({}), ...opened } = options
  const laboratory = await openLaboratory({ policies: POLICIES, ...opened })
  const running: { stop: () => Promise<void> }[] = []
  const serve = async (keys: Settings): Promise<RegimeGateway> => {
    const endpoints = [{ path: PATH, trustedIssuers: 'sandbox', ...keys }]
    const audit = { file: running.length === 0 ? 'audit.jsonl' : `audit-${running.length}.jsonl` }
    await laboratory.writeSettings({ ...laboratory.settings, audit, ...settings(laboratory), endpoints })
    const gateway = await startLaboratoryGateway(laboratory)
    running.push(gateway)
    return registrationAt(`https://127.0.0.1:${gateway.port}`)
  }
  return {
    ...(await serve(endpoint)),
    laboratory,
    beside: (keys) => serve({ ...endpoint, ...keys }),
    stop: async () => {
      await Promise.all(running.map((gateway) => gateway.stop()))
      await laboratory.stop()
    },
  }
}

function registrationAt(origin: string): RegimeGateway {
  return {
    create: (as, body, { headers = {} } = {}) => sendAs(as, { method: 'POST', url: origin + PATH, body, headers }),
    manage: (as, created, method, { body, token, headers = {} } = {}) => {
      const uri = new URL(String(created.body['registration_client_uri']))
      const authorization = `Bearer ${token ?? String(created.body['registration_access_token'])}`
      return sendAs(as, {
        method,
        url: origin + uri.pathname + uri.search,
        headers: { authorization, ...headers },
        ...(body === undefined ? {} : { body }),
      })
    },
  }
}

/** What a refusal says: its status, its error and the ids of the broken rules. */
export function refusalOf({ status, body }: RegistrantAnswer): {
  readonly status: number
  readonly error: unknown
  readonly rules: readonly string[]
} {
  const findings = (body['findings'] ?? []) as readonly { readonly rule: string }[]
  return { status, error: body['error'], rules: findings.map(({ rule }) => rule) }
}

/** The registration of an answer, as a client may send it back (RFC 7592 section 2.2). */
export function echoOf({ body }: RegistrantAnswer): Record<string, unknown> {
  const given = [
    'registration_access_token',
    'registration_client_uri',
    'client_secret_expires_at',
    'client_id_issued_at',
  ]
  return Object.fromEntries(Object.entries(body).filter(([name]) => !given.includes(name)))
}
