import { describe, expect, it } from 'vitest'
import { BundleSyntaxError, parseBundle, writeBundle } from '../../../../src/policy/bundle/policy-bundle.ts'

const FILES = new Map([
  ['harbour/policy.yaml', 'name: harbour\n'],
  ['harbour/cases.yaml', 'given: {}\n'],
])

function problemOf(text: string): string {
  try {
    parseBundle(Buffer.from(text))
    return 'none'
  } catch (failure) {
    if (!(failure instanceof BundleSyntaxError)) throw failure
    return `${failure.wanted} / ${failure.found}`
  }
}

const withFiles = (files: unknown): string => JSON.stringify({ format: 'dcr-gateway/bundle-v1', files })

describe('a policy bundle', () => {
  it('holds what was packed', () => {
    expect(parseBundle(writeBundle({ files: FILES })).files).toEqual(new Map([...FILES].sort()))
  })

  it('is the same bytes in whatever order files were read', () => {
    const backwards = new Map([...FILES].reverse())
    expect(writeBundle({ files: backwards }).equals(writeBundle({ files: FILES }))).toBe(true)
  })

  it.each([
    ['', 'a JSON object / json-malformed'],
    ['[]', 'a JSON object / another JSON value'],
    ['{"format":"dcr-gateway/bundle-v2","files":{}}', 'format dcr-gateway/bundle-v1 / "dcr-gateway/bundle-v2"'],
    ['{"format":"dcr-gateway/bundle-v1"}', 'files: texts by their path / none'],
    ['{"format":"dcr-gateway/bundle-v1","files":{},"more":1}', 'format and files alone / more'],
    ['{"format":"dcr-gateway/bundle-v1","files":{},"files":{}}', 'a JSON object / json-duplicate-member'],
    [withFiles({ 'a/policy.yaml': 5 }), 'texts / something else at a/policy.yaml'],
    [withFiles({ '../policy.yaml': '' }), 'paths such as name/policy.yaml / ../policy.yaml'],
    [withFiles({ 'a/../b': '' }), 'paths such as name/policy.yaml / a/../b'],
    [withFiles({ '/etc/passwd': '' }), 'paths such as name/policy.yaml / /etc/passwd'],
    [withFiles({ 'a/.hidden': '' }), 'paths such as name/policy.yaml / a/.hidden'],
    [withFiles({ 'a/b': 'x'.repeat(1_048_577) }), 'files of at most 1048576 bytes / more at a/b'],
  ])('refuses %.60s', (text, problem) => {
    expect(problemOf(text)).toContain(problem)
  })

  it('refuses more bytes than a gateway would read', () => {
    expect(problemOf(' '.repeat(16_777_217))).toBe('at most 16777216 bytes / 16777217')
  })

  it('is not written where it could not be read', () => {
    expect(() => writeBundle({ files: new Map([['../x', '']]) })).toThrow(BundleSyntaxError)
  })
})
