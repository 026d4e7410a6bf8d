import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { trustJsonSchema } from '../../src/certificate/trust/trust-json-schema.ts'
import { policyJsonSchema } from '../../src/policy/schema/policy-json-schema.ts'
import { endpointsSchema } from '../../src/settings/schema/endpoints-schema.ts'
import { settingsJsonSchema } from '../../src/settings/settings-schema-json.ts'
import { ROOT } from '../architecture/source-files.ts'
import { DOCUMENTED_LISTS, insertList } from './documented-lists.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const DOCUMENTS = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n')

describe('the documents', () => {
  it.each(DOCUMENTED_LISTS)(
    'have the list of $marker in $document as the code has it (`npm run docs` writes it)',
    ({ document, marker, write }) => {
      expect(read(document)).toBe(insertList(read(document), marker, write()))
    },
  )

  it('publish the JSON Schemas that the code gives', () => {
    expect(JSON.parse(read('policies/policy.schema.json'))).toEqual(policyJsonSchema())
    expect(JSON.parse(read('src/settings/gateway.schema.json'))).toEqual(settingsJsonSchema())
    expect(JSON.parse(read('certs/trust.schema.json'))).toEqual(trustJsonSchema())
  })

  it('are packed where the package exports them', () => {
    const { exports, files } = JSON.parse(read('package.json')) as {
      exports: Readonly<Record<string, string>>
      files: readonly string[]
    }
    const exported = Object.values(exports).map((path) => path.replace(/^\.\//, ''))
    expect(exported.every((path) => existsSync(join(ROOT, path)))).toBe(true)
    expect(
      exported.filter((path) => !files.some((packed) => path === packed || path.startsWith(`${packed}/`))),
    ).toEqual([])
  })

  it('name one test command, and the build runs that', () => {
    const command = /^ {4}(npm ci && npm test)$/m.exec(read('README.md'))?.[1]
    const run = read('.ci/run')
      .split('\n')
      .filter((line) => line !== '' && !/^(#|set |cd )/.test(line))
    expect(run.join(' && ')).toBe(command)
  })

  it.each(DOCUMENTS)('link from %s to files that exist', (document) => {
    const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(document), link)))).toEqual([])
  })

  it('show endpoints of one path that are none of each other', () => {
    const shown = /```yaml\n(endpoints:\n {2}- name: open-banking[\s\S]*?)```/.exec(read('README.md'))?.[1] ?? ''
    const { endpoints } = parse(shown) as { endpoints: unknown }
    const paths = endpointsSchema.parse(endpoints).map(({ path }) => path)
    expect(paths).toEqual(['/register', '/register'])
  })

  it('show a rule that stands in the policy it is taken from, but for its variables', () => {
    const shown = (
      parse(/```yaml\n(- id: redirect-uris-within-statement[\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '') as [Rule]
    )[0]
    const { rules } = parse(read('policies/open-finance-brasil/policy.yaml')) as { rules: readonly Rule[] }
    const { id, title, clause, at, error } =
      rules.find((rule) => rule.id === 'redirect-uris-within-statement') ?? ({} as Rule)
    expect(shown).toMatchObject({ id, title, clause, at, error })
  })
})

type Rule = Readonly<Record<'id' | 'title' | 'clause' | 'at' | 'error', string>>
