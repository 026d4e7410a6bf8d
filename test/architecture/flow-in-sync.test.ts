import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from './source-files.ts'

it('the drawing in src/README.md has the stages of the pipeline, in their order', () => {
  const pipeline = readFileSync(join(ROOT, 'src/pipeline.ts'), 'utf8')
  const called = [...pipeline.matchAll(/(?:stages|common)\.(\w+)\(/g)]
    .map(([, name]) => name)
    .filter((name) => name !== 'refuse')
  const drawing = readFileSync(join(ROOT, 'src/README.md'), 'utf8')
  const drawn = [...drawing.matchAll(/^.*[│┤] (\w+) +[a-z]+\//gm)].map(([, name]) => name)
  expect(drawn).toEqual(called)
})
