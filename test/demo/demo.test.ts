import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../architecture/source-files.ts'
import { sendAs, type RegistrantAnswer } from '../support/registrant.ts'

/** Ports and client ids differ from run to run; nothing else may. */
const mask = (text: string): string =>
  text
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:…')
    .replace(/(?<=register\/|client_id: ")[\w-]{43}/g, '…')
    .trim()

/** Starts the demo with --keep and waits until it says how to try it by hand. */
async function keepDemo(): Promise<{ readonly text: string; readonly stop: () => Promise<number | null> }> {
  const demo = spawn(process.execPath, ['--import', 'tsx', 'test/demo/run-demo.ts', '--keep'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const chunk of demo.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    if (text.includes('Press Ctrl-C')) break
  }
  demo.stdout.resume()
  const stop = async (): Promise<number | null> => {
    const exited = once(demo, 'exit')
    demo.kill('SIGINT')
    await exited
    return demo.exitCode
  }
  return { text, stop }
}

describe('the demo', () => {
  it('keeps running with --keep, and needs nothing but curl to be tried by hand', { timeout: 60_000 }, async () => {
    const { text, stop } = await keepDemo()
    const [, handbook = ''] = text.split('Try it by hand')
    const commands = [...handbook.matchAll(/^ {2}(.*)$/gm)].map(([, command = '']) => command)
    expect(commands.map((command) => command.split(' ')[0])).toEqual(['cd', ...Array.from({ length: 6 }, () => 'curl')])
    expect(commands.filter((command) => command.includes('|'))).toEqual([])
    const folder = commands[0]?.slice('cd '.length) ?? ''
    const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
    const tpp = {
      serverCa: await read('internal-ca.pem'),
      certificate: await read('tpp.pem'),
      privateKey: await read('tpp.key'),
    }
    const [, authorization = ''] = /^authorization: (.*)\n$/.exec(await read('token.txt')) ?? []
    const url = / -X DELETE (\S+)$/m.exec(handbook)?.[1] ?? ''
    const endpoint = commands.at(-1)?.split(' ').at(-1) ?? ''
    const register = async (): Promise<RegistrantAnswer> =>
      sendAs(tpp, { method: 'POST', url: endpoint, body: JSON.parse(await read('registration.json')) as object })
    const manage = (method: string, body?: object): Promise<RegistrantAnswer> =>
      sendAs(tpp, { method, url, headers: { authorization }, ...(body === undefined ? {} : { body }) })
    const updated = await manage('PUT', JSON.parse(await read('update.json')) as object)
    expect([updated.status, updated.body['scope']]).toEqual([200, 'openid accounts'])
    expect((await register()).body).toMatchObject({ findings: [{ rule: 'client-exists' }] })
    expect((await manage('DELETE')).status).toBe(204)
    expect((await register()).status).toBe(201)
    expect(await stop()).toBe(0)
  })

  it('plays all its steps and prints what the README shows', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'test/demo/run-demo.ts'], {
      cwd: ROOT,
      timeout: 60_000,
    })
    expect(stdout).toContain('✔ all 10 answers are as they should be')
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
    const blocks = /<!-- demo -->([\s\S]*?)<!-- \/demo -->/.exec(readme)?.[1] ?? ''
    const [excerpt = '', whole = ''] = [...blocks.matchAll(/```\n([\s\S]*?)```/g)].map(([, text]) => text ?? '')
    expect(mask(stdout)).toBe(mask(whole))
    const steps = mask(excerpt).split(/\n\n(?=\d+\. )/)
    expect(steps).toHaveLength(2)
    for (const step of steps) expect(mask(stdout)).toContain(step)
  })
})
