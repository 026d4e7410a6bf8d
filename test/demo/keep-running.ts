import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { goodRegistration, SOFTWARE, type Laboratory } from '../support/laboratory.ts'
import { sendAs } from '../support/registrant.ts'

/** Statements live for five minutes. */
const STATEMENT_REFRESH_MS = 60_000

/** Leaves everything up and says how to try it by hand, until Ctrl-C. */
export async function keepRunning(laboratory: Laboratory, url: string): Promise<void> {
  const { uri, stop } = await writeFiles(laboratory, url)
  process.stdout.write(handbook(laboratory.folder, url, uri))
  await new Promise<void>((end) => process.once('SIGINT', end).once('SIGTERM', end))
  stop()
}

/** Writes what the commands send, signed anew every minute, and registers the client that they manage. @throws when it is refused */
async function writeFiles(
  laboratory: Laboratory,
  url: string,
): Promise<{ readonly uri: string; readonly stop: () => void }> {
  const { folder } = laboratory
  const tpp = await laboratory.registrant(SOFTWARE)
  const registration = (metadata: Record<string, unknown> = {}): Record<string, unknown> =>
    goodRegistration(laboratory, SOFTWARE, new Date(), { metadata })
  const { status, body, text } = await sendAs(tpp, { method: 'POST', url, body: registration() })
  if (status !== 201) throw new Error(`the client to try by hand was refused: ${text}`)
  const write = (name: string, content: string): Promise<void> => writeFile(join(folder, name), content)
  const refresh = async (): Promise<void> => {
    await write('registration.json', JSON.stringify(registration(), null, 2))
    const update = registration({ client_id: body['client_id'], scope: 'openid accounts' })
    await write('update.json', JSON.stringify(update, null, 2))
  }
  await write('tpp.pem', tpp.certificate ?? '')
  await write('tpp.key', tpp.privateKey ?? '')
  // In a file, so that the token is neither on the screen nor in the history of a shell.
  await write('token.txt', `authorization: Bearer ${String(body['registration_access_token'])}\n`)
  await refresh()
  const timer = setInterval(() => void refresh(), STATEMENT_REFRESH_MS)
  return { uri: String(body['registration_client_uri']), stop: () => clearInterval(timer) }
}

function handbook(folder: string, url: string, uri: string): string {
  const anybody = 'curl --cacert internal-ca.pem'
  const tpp = `${anybody} --cert tpp.pem --key tpp.key`
  const json = `-H 'content-type: application/json'`
  return `
Try it by hand, in this folder, with the client that this software has already:

  cd ${folder}
  ${tpp} -H @token.txt ${uri}
  ${tpp} -H @token.txt -X PUT ${json} -d @update.json ${uri}   # asks for fewer scopes
  ${tpp} ${json} -d @registration.json ${url}   # a second client: refused
  ${tpp} -H @token.txt -X DELETE ${uri}

Now it may register again:

  ${anybody} ${json} -d @registration.json ${url}   # no certificate
  ${tpp} ${json} -d @registration.json ${url}

Every decision, as support staff see it, is a line of audit.jsonl there.

Press Ctrl-C to end.
`
}
