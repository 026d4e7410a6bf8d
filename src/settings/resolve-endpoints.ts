import type { Operation } from '../model/operation.ts'
import type { FaultList } from './fault-list.ts'
import type { SettingsFile } from './schema/settings-schema.ts'
import type { EndpointSettings } from './settings.ts'

const OPERATIONS: readonly Operation[] = ['create', 'read', 'update', 'delete']

/** The sections that endpoints leave something to; those with faults are not there. */
interface Surroundings {
  readonly endpoints: SettingsFile['endpoints']
  readonly listen?: SettingsFile['listen'] | undefined
  readonly upstream?: SettingsFile['upstream'] | undefined
}

/** The endpoints with all that they leave to other sections. */
export function resolveEndpoints(file: SettingsFile): readonly EndpointSettings[] {
  return file.endpoints.map((endpoint) => resolveEndpoint(endpoint, file))
}

/** One endpoint, as far as the sections around it are without fault. */
export function resolveEndpoint(
  endpoint: SettingsFile['endpoints'][number],
  { endpoints, listen, upstream }: Surroundings,
): EndpointSettings {
  const publicHost = listen === undefined ? null : new URL(listen.publicUrl).hostname
  const standardHost = endpoints.some(({ host }) => host !== undefined) ? publicHost : null
  const registrationUrl = endpoint.registrationUrl ?? upstream?.registrationUrl
  return {
    ...endpoint,
    name: nameOf(endpoint),
    host: endpoint.host?.toLowerCase() ?? standardHost,
    operations: OPERATIONS.filter((operation) => endpoint.operations?.includes(operation) ?? true),
    contentTypes: endpoint.contentTypes ?? null,
    registrationUrl: registrationUrl === undefined ? '' : new URL(registrationUrl).href,
  }
}

type NamedEndpoint = Pick<SettingsFile['endpoints'][number], 'name' | 'host' | 'path'>

function nameOf({ name, host, path }: NamedEndpoint): string {
  return name ?? `${host?.toLowerCase() ?? ''}${path}`
}

/** A record that names one of two endpoints must leave no doubt which. */
export function checkNames(endpoints: SettingsFile['endpoints'], faults: FaultList): void {
  const names = endpoints.map(nameOf)
  const hint = 'endpoints of one host and path are told apart by the names they are given'
  for (const [index, name] of names.entries()) {
    const first = names.indexOf(name)
    if (first < index)
      faults.add(['endpoints', index, 'name'], `another name than that of endpoints[${first}]`, name, hint)
  }
}

/** There is one identity server, and one connection to it; whichever of its registration endpoints is asked. */
export function checkRegistrationUrls(
  endpoints: SettingsFile['endpoints'],
  upstream: SettingsFile['upstream'],
  faults: FaultList,
): void {
  const urls = endpoints.map(({ registrationUrl }) => new URL(registrationUrl ?? upstream.registrationUrl))
  for (const [index, url] of urls.entries()) {
    const at = ['endpoints', index, 'registrationUrl']
    const { origin } = new URL(upstream.registrationUrl)
    if (url.origin !== origin) faults.add(at, `the origin of upstream.registrationUrl, ${origin}`, url.href)
    const clash = urls.slice(0, index).findIndex((other) => isConfusable(url, other))
    // What follows the URL names a client: below one, another registration endpoint would be taken for a client of it.
    if (clash >= 0) faults.add(at, `that of endpoints[${clash}], or one whose path is apart from it`, url.href)
  }
}

/** Identity servers differ in whether they tell letter cases apart. */
function isConfusable(left: URL, right: URL): boolean {
  if (left.href === right.href) return false
  const [one, other] = [`${left.pathname}/`.toLowerCase(), `${right.pathname}/`.toLowerCase()]
  return one.startsWith(other) || other.startsWith(one)
}
