import { describe, expect, it } from 'vitest'
import { brazilianClaims, createStatementSigner } from '../../support/sign-statement.ts'
import { LIMITS, NOW, openDirectory, reasonsOf, verifierFor, type DirectoryFixture } from './directory-fixture.ts'

const { coolDownMs } = LIMITS
const before = await createStatementSigner({ kid: 'reused', keyLabel: 'before' })
const after = await createStatementSigner({ kid: 'reused', keyLabel: 'after' })
const stranger = await createStatementSigner({ kid: 'reused', keyLabel: 'stranger' })

const old = before.sign(brazilianClaims(NOW))
const renewed = after.sign(brazilianClaims(NOW))
const forged = stranger.sign(brazilianClaims(NOW))

/** A directory whose keys were fetched while it still published the old key. */
async function openWarm(): Promise<DirectoryFixture & { verify: ReturnType<typeof verifierFor> }> {
  const fixture = await openDirectory([before.jwk])
  const verify = verifierFor(fixture)
  expect(await verify(old)).toMatchObject({ keyId: 'reused' })
  return { ...fixture, verify }
}

describe('a directory that gives the id of an old key to a new one', () => {
  it('is asked again, so that statements by the new key are taken at once and those by the old one no longer', async () => {
    const { verify, server } = await openWarm()
    server.behave({ kind: 'keys', keys: [after.jwk] })
    expect(await verify(renewed)).toMatchObject({ keyId: 'reused' })
    expect(await reasonsOf(verify(old))).toEqual(['statement-signature-invalid'])
    expect(server.requestCount()).toBe(2)
  })

  it('is asked once for twenty registrants who come with it at the same time', async () => {
    const { verify, server } = await openWarm()
    server.behave({ kind: 'keys', keys: [after.jwk] })
    await Promise.all(Array.from({ length: 20 }, () => verify(renewed)))
    expect(server.requestCount()).toBe(2)
  })

  it('vouches for nobody else: a statement by a third key is refused all the same', async () => {
    const { verify, server } = await openWarm()
    server.behave({ kind: 'keys', keys: [after.jwk] })
    expect(await reasonsOf(verify(forged))).toEqual(['statement-signature-invalid'])
  })

  it('may have withdrawn the id instead', async () => {
    const { verify, server } = await openWarm()
    const other = await createStatementSigner({ kid: 'other' })
    server.behave({ kind: 'keys', keys: [other.jwk] })
    expect(await reasonsOf(verify(renewed))).toEqual(['statement-signature-invalid'])
  })
})

describe('signatures that do not match', () => {
  it('cannot be used to hammer the directory: the next question waits for the cool-down', async () => {
    const { verify, server, clock } = await openWarm()
    for (let count = 0; count < 10; count += 1)
      expect(await reasonsOf(verify(forged))).toEqual(['statement-signature-invalid'])
    clock.step(coolDownMs - 1)
    await reasonsOf(verify(forged))
    expect(server.requestCount()).toBe(2)
    clock.step(1)
    await reasonsOf(verify(forged))
    expect(server.requestCount()).toBe(3)
  })

  it('share their cool-down with key ids that are unknown', async () => {
    const { verify, server } = await openWarm()
    const unknown = await createStatementSigner({ kid: 'unknown' })
    expect(await reasonsOf(verify(unknown.sign(brazilianClaims(NOW))))).toEqual(['statement-key-unknown'])
    await reasonsOf(verify(forged))
    expect(server.requestCount()).toBe(2)
  })

  it('are called neither good nor bad while the directory is away: it may be its key that changed', async () => {
    const { verify, server } = await openWarm()
    await server.stop()
    expect(await reasonsOf(verify(forged))).toEqual(['statement-keys-unavailable'])
    expect(await verify(old)).toMatchObject({ keyId: 'reused' })
  })
})
