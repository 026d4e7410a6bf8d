import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ClientStore } from './client-store.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'client-store-'))
  file = join(folder, 'clients.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const ids = (): unknown[] => new ClientStore(file).list('Client').map(({ client_id }) => client_id)

it('knows after a new start what it knew before', () => {
  const store = new ClientStore(file)
  store.set('Client', 'c1', { client_id: 'c1' })
  store.set('Client', 'c2', { client_id: 'c2' })
  store.set('RegistrationAccessToken', 't1', { jti: 't1' })
  store.set('Client', 'c1', null)
  expect(ids()).toEqual(['c2'])
})

it('forgets the line that a kill cut off, and nothing that is written after it', () => {
  new ClientStore(file).set('Client', 'c1', { client_id: 'c1' })
  appendFileSync(file, '{"model":"Client","id":"c2","pay')
  new ClientStore(file).set('Client', 'c3', { client_id: 'c3' })
  expect(ids()).toEqual(['c1', 'c3'])
})
