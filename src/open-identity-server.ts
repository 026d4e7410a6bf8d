import { createAdministration } from './forward/administration.ts'
import { createUpkeep } from './forward/client-upkeep.ts'
import { Upstream } from './forward/upstream.ts'
import type { ClientAdministration, ClientUpkeep } from './model/client-upkeep.ts'
import type { OperationalLog } from './operations/operational-log.ts'
import type { Settings } from './settings/settings.ts'

/** Answers of identity servers are larger than requests: they echo and add. */
export const UPSTREAM_JSON_LIMITS = { depth: 16, values: 10_000 }
/** A few clients with all that the identity server has of them. */
const ADMINISTRATION_JSON_LIMITS = { depth: 16, values: 50_000 }

export function openUpstream(
  { registrationUrl, clientCertificate, ca, timeoutMs, maxSockets, responseLimitBytes }: Settings['upstream'],
  log: OperationalLog,
): Upstream {
  return new Upstream({
    ...{ ca, timeoutMs, maxSockets, responseLimitBytes },
    origin: new URL(registrationUrl).origin,
    onEvent: ({ event, level, ...facts }) => log[level](event, facts),
    clientCertificate:
      clientCertificate === null
        ? null
        : { certificate: clientCertificate.certificate, privateKey: clientCertificate.privateKey.reveal() },
  })
}

/** Connections of its own: what is tidied up must not wait for registrations, nor they for it. */
export function openAdministration(
  settings: Settings['upstream'],
  log: OperationalLog,
  opened: (() => unknown)[],
): ClientAdministration | null {
  const { administration } = settings
  if (administration === null) return null
  const upstream = openUpstream({ ...settings, registrationUrl: administration.searchUrl }, log)
  opened.push(() => upstream.close())
  return createAdministration({ ...administration, upstream, jsonLimits: ADMINISTRATION_JSON_LIMITS })
}

/** Tends clients of any registration endpoint of the identity server, by its path. */
export function createUpkeepAt({
  upstream,
  administration,
  settings,
}: {
  readonly upstream: Upstream
  readonly administration: ClientAdministration | null
  readonly settings: Pick<Settings, 'upstream'>
}): (realm: string) => ClientUpkeep {
  return (realm) =>
    createUpkeep({
      ...{ upstream, administration, jsonLimits: UPSTREAM_JSON_LIMITS },
      ...{ management: settings.upstream.management, rotatesOnRead: settings.upstream.rotatesOnRead },
      registrationUrl: new URL(realm, settings.upstream.registrationUrl),
    })
}
