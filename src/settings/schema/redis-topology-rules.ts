import { parseRedisPlace } from '../../model/parse-redis-place.ts'
import type { ReportWhole, WholeRule } from './check-whole.ts'
import { wholeClientCertificate, wholePair } from './client-certificate-keys.ts'

const WAYS = ['url', 'sentinels', 'nodes']

/** Keys that mean something for some ways to Redis alone: for others, what they say would silently not hold. */
const GOES_WITH: Readonly<Record<string, readonly string[]>> = {
  primaryName: ['sentinels'],
  user: ['sentinels', 'nodes'],
  password: ['sentinels', 'nodes'],
  database: ['sentinels'],
  tls: ['sentinels'],
  sentinelUser: ['sentinels'],
  sentinelPassword: ['sentinels'],
  sentinelCaFile: ['sentinels'],
  sentinelClientCertificateFile: ['sentinels'],
  sentinelClientPrivateKeyFile: ['sentinels'],
}

/** One way to Redis, whole, and nothing that goes with another. */
export const wholeTopology: WholeRule = (state, report) => {
  const has = (key: string): boolean => state[key] !== undefined
  const [way, ...others] = WAYS.filter(has)
  if (way === undefined || others.length > 0)
    report([], 'one of url, sentinels and nodes', way === undefined ? 'none' : [way, ...others].join(' and '))
  else reportStrangers(way, has, report)
  if (has('sentinels') && !has('primaryName'))
    report(['primaryName'], 'the name that the sentinels have for the primary')
  for (const [user, password] of [
    ['user', 'password'],
    ['sentinelUser', 'sentinelPassword'],
  ] as const)
    if (has(user) && !has(password)) report([password], `the password of ${user}`)
  for (const list of ['sentinels', 'nodes']) reportMixture(list, state[list], report)
  wholeClientCertificate(state, report)
  wholePair('sentinelClientCertificateFile', 'sentinelClientPrivateKeyFile')(state, report)
}

function reportStrangers(way: string, has: (key: string) => boolean, report: ReportWhole): void {
  for (const [key, ways] of Object.entries(GOES_WITH))
    if (has(key) && !ways.includes(way))
      report([key], `nothing, since it goes with ${ways.join(' or ')} and not with ${way}`, 'a value')
}

/** Of one list, all entries are spoken to in one way. */
function reportMixture(key: string, list: unknown, report: ReportWhole): void {
  if (!Array.isArray(list)) return
  const isTls = (entry: unknown): boolean | undefined =>
    typeof entry === 'string' ? parseRedisPlace(entry, 1)?.tls : undefined
  const first = isTls(list[0])
  for (const [index, entry] of (list as unknown[]).entries()) {
    const own = isTls(entry)
    if (first !== undefined && own !== undefined && own !== first)
      report([key, index], first ? 'rediss:// as in the first entry' : 'no rediss://, as in the first entry')
  }
}
