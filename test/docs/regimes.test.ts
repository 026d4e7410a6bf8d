import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REASONS } from '../../src/model/reasons.ts'
import { loadPolicies } from '../../src/policy/load-policies.ts'
import { ROOT } from '../architecture/source-files.ts'
import { policyOf } from '../unit/policy/policy-fixture.ts'
import { REGIME_ROWS } from './regime-rows.ts'

const { policies } = await loadPolicies(join(ROOT, 'policies'))

/** Lines of the tables that say where a demand is met: id, demand, and what meets it. */
function rowsOf(name: string): readonly (readonly string[])[] {
  const text = readFileSync(join(ROOT, 'policies', name, 'README.md'), 'utf8')
  return text
    .slice(text.indexOf('## Where each demand is met'))
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** Names in backticks that read like the id of a rule or a reason, and not like a header. */
function idsIn(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) =>
    [...text.matchAll(/`((?!x-)[a-z0-9]+(?:-[a-z0-9]+)*-(?:[a-z0-9]+|\*))`/g)].map(([, id = '']) => id),
  )
}

function parametersIn(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) =>
    [...text.matchAll(/parameters? ((?:`[A-Za-z]+`(?:, | and )?)+)/g)].flatMap(([, names = '']) =>
      [...names.matchAll(/`([A-Za-z]+)`/g)].map(([, parameter = '']) => parameter),
    ),
  )
}

describe.each(Object.keys(REGIME_ROWS))('the README of %s', (name) => {
  const policy = policyOf(policies, name)
  const rows = rowsOf(name)
  const meets = rows.map((cells) => cells.slice(1).join(' '))
  const rules = new Set(
    [...policy.rules, ...policy.once, ...(policy.scopes === null ? [] : [policy.scopes])].map(({ id }) => id),
  )

  it('says of every demand of the regime where it is met, once', () => {
    const ids = rows.map(([id]) => id).filter((id) => /^[A-Z]+(-[A-Z]+)?-[0-9]+$/.test(id ?? ''))
    expect(ids).toEqual(REGIME_ROWS[name])
    expect(rows.filter((cells) => cells.at(-1) === '')).toEqual([])
  })

  it('names rules and reasons that there are', () => {
    const reasons = Object.keys(REASONS)
    const unknown = idsIn(meets).filter(
      (id) =>
        !rules.has(id) &&
        !reasons.includes(id) &&
        !(id.endsWith('-*') && reasons.some((reason) => reason.startsWith(id.slice(0, -1)))),
    )
    expect(unknown).toEqual([])
  })

  it('names parameters that there are, and every parameter with its values', () => {
    const text = readFileSync(join(ROOT, 'policies', name, 'README.md'), 'utf8')
    const names = [...policy.parameters.keys()]
    expect(parametersIn(meets).filter((parameter) => !names.includes(parameter))).toEqual([])
    const lines = text.split('\n')
    const elsewhere = /^All others are those of ([a-z0-9-]+)\.$/m.exec(text)?.[1]
    const told = elsewhere === undefined ? [] : [...policyOf(policies, elsewhere).parameters.keys()]
    const missing = [...policy.parameters].filter(([parameter, { oneOf = [] }]) => {
      if (told.includes(parameter)) return false
      const line = lines.find((candidate) => candidate.startsWith(`| \`${parameter}\` |`)) ?? ''
      return line === '' || !oneOf.every((value) => line.includes(`\`${value}\``))
    })
    // A choice that another policy has taken is none.
    expect(missing.filter(([, { oneOf }]) => oneOf?.length !== 1).map(([parameter]) => parameter)).toEqual([])
  })

  it('names every rule that the policy adds to those it extends', () => {
    const own = [...policy.rules, ...policy.once].filter(({ declaredBy }) => declaredBy === name).map(({ id }) => id)
    const named = new Set(idsIn(meets))
    expect(own.filter((id) => !named.has(id) && id.includes('-'))).toEqual([])
    expect(own.length).toBeGreaterThan(0)
  })
})
