import { describe, expect, it } from 'vitest'
import { settingsTable, writeSettingsTable } from '../../../src/settings/settings-table.ts'

const rows = new Map(settingsTable().map((row) => [row.key, row]))

describe('settingsTable', () => {
  it('has a row for every key of every section, each once', () => {
    expect(rows.size).toBe(settingsTable().length)
    const sections = [...new Set([...rows.keys()].map((key) => key.split(/[.[]/)[0]))]
    expect(sections).toEqual([
      'listen',
      'tls',
      'trust',
      'directories',
      'softwareKeys',
      'sealing',
      'upstream',
      'lookups',
      'policies',
      'endpoints',
      'state',
      'audit',
      'log',
      'operations',
      'revocation',
      'reload',
      'limits',
      'rates',
    ])
    expect([...rows.keys()].filter((key) => key.startsWith('limits.'))).toHaveLength(13)
  })

  it.each([
    ['listen.port', 'a whole number from 0 to 65535', '8443'],
    ['listen.publicUrl', 'an https origin such as https://dcr.bank.example, without a path', 'required'],
    [
      'tls.pkcs12Passphrase',
      'a reference to the secret, { env: NAME } or { file: path }, and never the secret itself',
      'none',
    ],
    ['tls.minVersion', 'TLSv1.2 or TLSv1.3', 'TLSv1.2'],
    ['trust.<name>', 'a path', 'none'],
    ['directories.<name>.jwksUri', 'an https URL without credentials or fragment', 'none'],
    ['upstream.allowPlainHttp', 'true or false', 'false'],
    [
      'upstream.passHeaders',
      'a list of at most 32, each entry a header name of letters, digits and hyphens',
      '[x-fapi-interaction-id]',
    ],
    ['endpoints[].path', 'a path such as /register, without query, escapes or a slash at the end', 'required'],
    ['endpoints[].parameters.<name>', 'text or true or false or a number or a list, each entry text', 'none'],
    ['state.kind', 'memory or redis', 'memory'],
    ['state.reservationTtlMs', 'a whole number from 1 to 3600000', '60000'],
    ['log.level', 'one of fatal, error, warn, info, debug, trace', 'info'],
  ])('says of %s what it takes and what it is when left out', (key, type, standard) => {
    expect(rows.get(key)).toMatchObject({ type, default: standard })
  })

  it('says what every key means', () => {
    for (const { key, meaning } of rows.values()) expect(meaning, key).toMatch(/\.$/)
  })
})

describe('writeSettingsTable', () => {
  it('writes one line of Markdown for each key, with four columns', () => {
    const lines = writeSettingsTable().split('\n')
    expect(lines.slice(0, 3)).toEqual([
      '| Key | Type | Default | Meaning |',
      '| --- | --- | --- | --- |',
      '| `listen.host` | a host name or an IP address | 0.0.0.0 | Address to accept registrants on. |',
    ])
    expect(lines).toHaveLength(rows.size + 3)
    expect(lines.at(-1)).toBe('')
    for (const line of lines.slice(0, -1)) expect(line.match(/(?<!\\)\|/g), line).toHaveLength(5)
  })
})
