import { describe, expect, it } from 'vitest'
import { readSources, roomOf, type SourceFile } from './source-files.ts'

const sources = readSources()

/** Rooms whose words everybody may use, and what they may use themselves. */
const FLOOR: Readonly<Record<string, readonly string[]>> = {
  model: ['distinguished-name'],
  json: ['model'],
  document: ['model'],
  asn1: [],
  'distinguished-name': ['asn1'],
  egress: ['model'],
  signature: ['model', 'json', 'egress'],
  sealing: ['model'],
}
const STAGES = [
  'connection',
  'certificate',
  'request',
  'endpoint',
  'management',
  'statement',
  'policy',
  'registry',
  'forward',
  'response',
  'audit',
  'operations',
  'settings',
]

/** Packages by the rooms that may use them: each does one thing in one place. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'http-proxy': ['forward'],
  'node-forge': ['connection', 'settings'],
  jose: ['policy', 'sealing', 'signature'],
  ioredis: ['registry'],
  'rate-limiter-flexible': ['registry'],
  pino: ['audit', 'operations'],
  undici: ['egress'],
  cockatiel: ['egress'],
  'ipaddr.js': ['egress'],
  '@marcbachmann/cel-js': ['policy'],
  re2js: ['policy'],
  zod: ['certificate', 'document', 'settings', 'policy', 'registry'],
  yaml: ['document'],
  'prom-client': ['operations'],
  'xml-crypto': ['certificate'],
  '@xmldom/xmldom/lib/index.js': ['certificate'],
  commander: ['(root)', 'commands'],
}

/** The rim: the only files that may reach network, disk, clock or process. */
const EFFECTS = new Set([
  'node:fs',
  'node:fs/promises',
  'node:http',
  'node:https',
  'node:net',
  'node:tls',
  'node:child_process',
  'node:timers',
  'node:timers/promises',
  'node:dns',
  'node:dns/promises',
  'undici',
  'ioredis',
  'http-proxy',
])

/** What needs no import: the clock, and timers, which hold a process and every test of it up. */
const GLOBAL_EFFECTS =
  /\bDate\.now\(\)|new Date\(\)|performance\.now|\bset(Timeout|Interval|Immediate)\(|\bAtomics\.wait\(/

function violations(check: (source: SourceFile) => readonly string[]): string[] {
  return sources.flatMap((source) => check(source).map((found) => `${source.path}: ${found}`))
}

describe('import direction', () => {
  it('lets a stage import its own room and the floor only', () => {
    expect(
      violations(({ path, imports }) => {
        const room = roomOf(path)
        const allowed = FLOOR[room] ?? (STAGES.includes(room) ? Object.keys(FLOOR) : null)
        if (allowed === null) return []
        return imports.filter((target) => roomOf(target) !== room && !allowed.includes(roomOf(target)))
      }),
    ).toEqual([])
  })

  it('lets the pipeline know the words and nothing of the stages', () => {
    const pipeline = sources.find(({ path }) => path === 'src/pipeline.ts')
    expect(pipeline?.imports.filter((target) => roomOf(target) !== 'model')).toEqual([])
  })

  it('lets nobody but main import commands, and nobody but commands what they start', () => {
    const importersOf = (isTarget: (path: string) => boolean): readonly string[] =>
      [...new Set(sources.filter(({ imports }) => imports.some(isTarget)).map(({ path }) => path))].sort()
    expect(importersOf((path) => roomOf(path) === 'commands').filter((path) => roomOf(path) !== 'commands')).toEqual([
      'src/main.ts',
    ])
    expect(importersOf((path) => path === 'src/main.ts')).toEqual([])
    expect(importersOf((path) => path === 'src/gateway.ts')).toEqual(['src/commands/serve.ts'])
    expect(importersOf((path) => path === 'src/pipeline.ts')).toEqual(['src/gateway.ts'])
  })

  it('lets main import commands alone, and commands what they run or print', () => {
    const doors = ['src/gateway.ts', 'src/load-gateway.ts', 'src/load-trusts.ts', 'src/tend-registrations.ts']
    const rooms = ['commands', 'certificate', 'policy', 'settings', 'operations', ...Object.keys(FLOOR)]
    expect(
      violations(({ path, imports }) => {
        if (path === 'src/main.ts') return imports.filter((target) => roomOf(target) !== 'commands')
        if (roomOf(path) !== 'commands') return []
        return imports.filter((target) => !doors.includes(target) && !rooms.includes(roomOf(target)))
      }),
    ).toEqual([])
  })

  it('has a known place for every room', () => {
    const known = new Set([...Object.keys(FLOOR), ...STAGES, 'commands', '(root)'])
    expect([...new Set(sources.map(({ path }) => roomOf(path)))].filter((room) => !known.has(room))).toEqual([])
  })

  it('has no cycles, type-only imports included', () => {
    const graph = new Map(sources.map(({ path, imports }) => [path, imports]))
    expect(findCycle(graph)).toBeNull()
  })

  it('uses each package in the rooms named for it only', () => {
    expect(
      violations(({ path, packages }) =>
        packages.filter((name) => !name.startsWith('node:') && !(PACKAGES[name] ?? []).includes(roomOf(path))),
      ),
    ).toEqual([])
  })

  it('has no package that nobody uses', () => {
    const used = new Set(sources.flatMap(({ packages }) => packages))
    expect(Object.keys(PACKAGES).filter((name) => !used.has(name))).toEqual([])
  })

  it('keeps network, disk and clock at the rim', () => {
    const reaching = sources.filter(
      ({ text, usedPackages }) => usedPackages.some((name) => EFFECTS.has(name)) || GLOBAL_EFFECTS.test(text),
    )
    expect(reaching.map(({ path }) => path).sort()).toEqual(RIM)
  })
})

/** Every file that may, in one list, so that a new one is a decision. */
const RIM = [
  'src/audit/line-file.ts',
  'src/certificate/revocation/store/read-kept-file.ts',
  'src/certificate/revocation/store/read-only-folder.ts',
  'src/certificate/revocation/store/revocation-folder.ts',
  'src/certificate/revocation/store/timer-scheduler.ts',
  'src/certificate/revocation/store/write-file-atomically.ts',
  'src/certificate/trust/check-folder-entries.ts',
  'src/certificate/trust/read-crl-folder.ts',
  'src/certificate/trust/read-pem-folder.ts',
  'src/certificate/trust/read-trust-settings.ts',
  'src/certificate/trusted-list/install-trust-folder.ts',
  'src/certificate/trusted-list/read-import-sources.ts',
  'src/commands/bundle.ts',
  'src/commands/check.ts',
  'src/commands/choose-policy.ts',
  'src/commands/diff.ts',
  'src/commands/explain.ts',
  'src/commands/read-explained-facts.ts',
  'src/commands/read-presented.ts',
  'src/commands/read-version.ts',
  'src/commands/registrations.ts',
  'src/commands/replay.ts',
  'src/commands/serve.ts',
  'src/commands/test-policies.ts',
  'src/commands/trust-explain.ts',
  'src/commands/trust-import.ts',
  'src/commands/trust-show.ts',
  'src/connection/connection.ts',
  'src/connection/drain.ts',
  'src/connection/end-gently.ts',
  'src/connection/find-chain-loss.ts',
  'src/connection/listener.ts',
  'src/connection/send-answer.ts',
  'src/connection/serve-exchange.ts',
  'src/egress/fetch-bounded.ts',
  'src/egress/guarded-lookup.ts',
  'src/forward/server-metadata.ts',
  'src/forward/upstream-agent.ts',
  'src/forward/upstream.ts',
  'src/operations/operations-listener.ts',
  'src/operations/watch-files.ts',
  'src/policy/bundle/pack-policies.ts',
  'src/policy/cases/load-cases.ts',
  'src/policy/expression/url.ts', // address arithmetic of node:net alone
  'src/policy/read-policy-folder.ts',
  'src/registry/open-redis-cluster.ts',
  'src/registry/open-redis-server.ts',
  'src/registry/redis-client-options.ts',
  'src/registry/redis-connection.ts',
  'src/registry/start-sweeping.ts',
  'src/request/read-body.ts',
  'src/settings/load-tls.ts',
  'src/settings/referenced-files.ts',
]

function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    if (done.has(path)) return null
    for (const target of graph.get(path) ?? []) {
      const cycle = walk(target, [...trail, path])
      if (cycle !== null) return cycle
    }
    done.add(path)
    return null
  }
  for (const path of graph.keys()) {
    const cycle = walk(path, [])
    if (cycle !== null) return cycle
  }
  return null
}
