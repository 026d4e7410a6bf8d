import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { REASONS } from '../../src/model/reasons.ts'
import { ROOT } from './source-files.ts'

const drawing = readFileSync(join(ROOT, 'src/README.md'), 'utf8')
/** The way of an exchange alone, without what never becomes one. */
const exchange = drawing.slice(0, drawing.indexOf('What never becomes'))

it('the drawing in src/README.md has the stages of the pipeline, in their order', () => {
  const pipeline = readFileSync(join(ROOT, 'src/pipeline.ts'), 'utf8')
  const called = [...pipeline.matchAll(/(?:common|place|approach|stages)\.(\w+)\(/g)]
    .map(([, name]) => name)
    // What may come later, or instead, is on no way through.
    .filter((name) => name !== 'refuse' && name !== 'undelivered')
  const drawn = [...exchange.matchAll(/^.*[│┤] (\w+) +[a-z]+\//gm)].map(([, name]) => name)
  expect(drawn).toEqual(called)
})

it('the drawing has every status that a refusal can have, and no other', () => {
  const drawn = [...drawing.matchAll(/^([ \dx]*\d[ \dx]*)◀/gm)].flatMap(([, statuses = '']) =>
    statuses.trim().split(' '),
  )
  const refused = Object.values(REASONS).map(({ status }) => String(status))
  const covers = (pattern: string, status: string): boolean =>
    new RegExp(`^${pattern.replaceAll('x', '\\d')}$`).test(status)
  expect(refused.filter((status) => !drawn.some((pattern) => covers(pattern, status)))).toEqual([])
  expect(drawn.filter((pattern) => !refused.some((status) => covers(pattern, status)))).toEqual([])
})

it('the drawing has 405 where the identity server declines a method as well', () => {
  const rewrite = exchange.split('\n').find((line) => line.includes('┤ rewrite'))
  expect(rewrite).toContain('405')
})
