import { createServer, type AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { startGatewayProcess } from '../support/gateway-process.ts'
import { openLaboratory, type Laboratory } from '../support/laboratory.ts'
import { sendAs, type RegistrantAnswer } from '../support/registrant.ts'
import { keepRunning } from './keep-running.ts'
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

process.exit((await main()) ? 0 : 1)
