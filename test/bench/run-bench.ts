import { rm } from 'node:fs/promises'
import { arch, availableParallelism, platform } from 'node:os'
import { resolve } from 'node:path'
import { openLaboratory, SOFTWARE } from '../support/laboratory.ts'
import type { KeyType } from '../support/mint-keys.ts'
import { compare, type Contender } from './compare.ts'
import { decisions, loadings, manyPolicies } from './deciding.ts'
import { freshConnections, laterRequests } from './identifying-client.ts'
import { mintClient } from './mint-client.ts'
import { lookUpsInCrl, mintLargeCrl, readingOfCrl } from './reading-crl.ts'
import { freshConnection, keptConnection, startMeasuredGateway, startPlainServer } from './serving-connections.ts'
import { writeTable } from './write-table.ts'

const POLICIES = resolve(import.meta.dirname, '../../policies')
const ROUNDS = 9
const KEY_TYPES: readonly (readonly [KeyType, string])[] = [
  ['rsa', 'RSA-2048'],
  ['ec', 'P-256'],
]

async function show(title: string, contenders: readonly Contender[]): Promise<void> {
  process.stdout.write(`${writeTable(title, await compare(contenders, ROUNDS))}\n\n`)
}

async function benchIdentification(keyType: KeyType, keys: string): Promise<void> {
  const minted = await mintClient(keyType)
  await show(`a client on a fresh connection, ${keys}`, freshConnections(minted))
  await show(`its further requests, ${keys}`, laterRequests(minted))
}

async function benchConnections(keyType: KeyType, keys: string): Promise<void> {
  const laboratory = await openLaboratory({ keyType, policies: POLICIES })
  const unlimited = { requests: 'unlimited' }
  await laboratory.writeSettings({
    ...laboratory.settings,
    rates: { perAddress: unlimited, perCertificate: unlimited },
  })
  const registrant = await laboratory.registrant(SOFTWARE, { keyType })
  const servers = [await startPlainServer(laboratory), await startMeasuredGateway(laboratory)]
  try {
    const fresh = servers.map((server) => freshConnection(server, registrant))
    await show(`a whole mTLS connection and one refused GET, client ${keys}`, fresh)
    const kept = servers.map((server) => keptConnection(server, registrant))
    await show(`one more refused GET on it, client ${keys}`, kept)
  } finally {
    for (const server of servers) await server.stop()
    await laboratory.stop()
  }
}

async function benchPolicies(): Promise<void> {
  await show('one decision of open-finance-brasil', await decisions(POLICIES))
  const folder = await manyPolicies(POLICIES, 100)
  try {
    await show('loading policies', await loadings(POLICIES, folder))
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function main(): Promise<void> {
  process.stdout.write(`Node ${process.version}, ${platform()} ${arch()}, ${availableParallelism()} processors. `)
  process.stdout.write(`CPU time, ${ROUNDS} rounds in turns: median (lowest-highest).\n`)
  process.stdout.write('Ratios are to the first line of each part; microseconds are of this machine alone.\n\n')
  for (const [keyType, keys] of KEY_TYPES) await benchIdentification(keyType, keys)
  for (const [keyType, keys] of KEY_TYPES) await benchConnections(keyType, keys)
  await benchPolicies()
  const crl = await mintLargeCrl()
  await show('a CRL', readingOfCrl(crl))
  await show('a look-up in it', lookUpsInCrl(crl))
}

await main()
process.exit(0)
