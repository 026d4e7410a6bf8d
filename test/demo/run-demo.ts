import { writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { startGatewayProcess } from '../support/gateway-process.ts'
import { goodRegistration, openLaboratory, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { sendAs, type RegistrantAnswer } from '../support/registrant.ts'
import { findSurprise, showStep } from './show.ts'
import { grantedSteps, refusedSteps, type Step } from './steps.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** The public URL holds the port, so it must be known before the gateway starts. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

/** `--policies FOLDER` plays the same steps under changed policies. */
function policiesFolder(): string {
  const at = process.argv.indexOf('--policies')
  return resolve((at === -1 ? undefined : process.argv[at + 1]) ?? join(ROOT, 'policies'))
}

async function main(): Promise<boolean> {
  const port = await freePort()
  const laboratory = await openLaboratory({ policies: policiesFolder(), port, keyType: 'rsa' })
  const gateway = await startGatewayProcess(laboratory.configFile, laboratory.environment)
  const url = `https://127.0.0.1:${gateway.port}/register`
  process.stdout.write(`gateway         ${url}, policy open-finance-brasil\n`)
  process.stdout.write(`identity server ${laboratory.identityServer.registrationUrl}, oidc-provider, unchanged\n`)
  process.stdout.write(`directory       ${laboratory.directory.jwksUri}\n`)
  process.stdout.write(`operations      http://127.0.0.1:${gateway.operationsPort} (/livez, /readyz, /metrics)\n\n`)
  try {
    const good = await play(laboratory, url)
    if (process.argv.includes('--keep')) await keepRunning(laboratory, url)
    return good
  } finally {
    await gateway.stop()
    await laboratory.stop()
  }
}

async function play(laboratory: Laboratory, url: string): Promise<boolean> {
  const surprises: string[] = []
  let number = 0
  const take = async (step: Step): Promise<RegistrantAnswer> => {
    number += 1
    const answer = await sendAs(step.as, step.request)
    const surprise = findSurprise(step, answer)
    if (surprise !== null) surprises.push(`${number}. ${surprise}`)
    process.stdout.write(`${showStep(number, step, answer)}\n`)
    return answer
  }
  let first: RegistrantAnswer | null = null
  for (const step of await grantedSteps(laboratory, url)) {
    const answer = await take(step(first))
    first ??= answer
  }
  for (const step of await refusedSteps(laboratory, url)) await take(step)
  for (const surprise of surprises) process.stdout.write(`✖ ${surprise}\n`)
  process.stdout.write(
    surprises.length === 0 ? `✔ all ${number} answers are as they should be\n` : '✖ the demo failed\n',
  )
  return surprises.length === 0
}

const STATEMENT_REFRESH_MS = 60_000

/** Leaves everything up and says how to try it by hand; the registration is signed anew every minute, since statements live for five. */
async function keepRunning(laboratory: Laboratory, url: string): Promise<void> {
  const { folder } = laboratory
  const tpp = await laboratory.registrant(SOFTWARE)
  await writeFile(join(folder, 'tpp.pem'), tpp.certificate ?? '')
  await writeFile(join(folder, 'tpp.key'), tpp.privateKey ?? '')
  const refresh = (): Promise<void> =>
    writeFile(
      join(folder, 'registration.json'),
      JSON.stringify(goodRegistration(laboratory, SOFTWARE, new Date()), null, 2),
    )
  await refresh()
  const timer = setInterval(() => void refresh(), STATEMENT_REFRESH_MS)
  const curl = `curl --cacert internal-ca.pem --cert tpp.pem --key tpp.key`
  process.stdout.write(`
Try it by hand:

  cd ${folder}
  ${curl} -H 'content-type: application/json' -d @registration.json ${url}
  curl --cacert internal-ca.pem -H 'content-type: application/json' -d @registration.json ${url}   # no certificate

With registration_access_token and registration_client_uri of the first answer:

  TOKEN=... URI=... CLIENT_ID=...
  ${curl} -H "authorization: Bearer $TOKEN" $URI
  jq --arg id $CLIENT_ID '.client_id = $id' registration.json | ${curl} -X PUT -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d @- $URI
  ${curl} -X DELETE -H "authorization: Bearer $TOKEN" $URI

And every decision, as support staff see it:

  tail -1 audit.jsonl

Press Ctrl-C to end.
`)
  await new Promise<void>((stop) => process.once('SIGINT', stop).once('SIGTERM', stop))
  clearInterval(timer)
}

process.exit((await main()) ? 0 : 1)
