import type { RegistrantAnswer } from '../../support/registrant.ts'

/** What an attempt came to. */
export type Outcome =
  | { readonly kind: 'granted'; readonly clientId: string; readonly token: string; readonly uri: string }
  | { readonly kind: 'updated' }
  | { readonly kind: 'deleted' }
  /** 401: there is no such client, or it is not ours. */
  | { readonly kind: 'unknown-client' }
  /** A no, with the rule or reason that says it. */
  | { readonly kind: 'refused'; readonly status: number; readonly rule: string }
  /** To be tried again; `doubtful` where it may have taken effect all the same. */
  | { readonly kind: 'unsettled'; readonly doubtful: boolean; readonly why: string }

/** Refusals that say: later. */
const LATER = ['registration-in-progress']

export function readOutcome(does: string, { status, body }: RegistrantAnswer): Outcome {
  const rule = ruleOf(body)
  if (status >= 500 || status === 429) return { kind: 'unsettled', doubtful: true, why: `${status} ${rule}` }
  if (LATER.includes(rule)) return { kind: 'unsettled', doubtful: false, why: `${status} ${rule}` }
  if (does === 'delete' || does === 'update') {
    if (status === 204) return { kind: 'deleted' }
    if (status === 200) return { kind: 'updated' }
    if (status === 401) return { kind: 'unknown-client' }
  } else if (status === 201) return granted(body)
  return { kind: 'refused', status, rule }
}

/** The first finding's rule, or else its reason. */
function ruleOf(body: Readonly<Record<string, unknown>>): string {
  const [finding] = (body['findings'] ?? []) as readonly { readonly rule?: string; readonly reason?: string }[]
  return finding?.rule ?? finding?.reason ?? 'without a reason'
}

function granted(body: Readonly<Record<string, unknown>>): Outcome {
  const { client_id: clientId, registration_access_token: token, registration_client_uri: uri } = body
  if (typeof clientId !== 'string' || typeof token !== 'string' || typeof uri !== 'string')
    return { kind: 'refused', status: 201, rule: 'a 201 without credentials' }
  return { kind: 'granted', clientId, token, uri }
}
