import { expect, it } from 'vitest'
import { fetchableUrls } from '../../../../src/certificate/revocation/store/fetchable-urls.ts'

it('are those of http and https, normalised and each once', () => {
  const named = [
    'ldap://a/b',
    'HTTP://A.example:80/x y\n#z',
    'http://a.example/x%20y',
    'https://b.example',
    'file:///etc',
    'b',
  ]
  expect(fetchableUrls(named, 4)).toEqual(['http://a.example/x%20y', 'https://b.example/'])
})

it('hold no control character, however it is written', () => {
  const [url] = fetchableUrls(['http://a.example/\u0000\u001b[31m\u007f\u2028'], 1)
  expect(url).toMatch(/^[\x21-\x7e]+$/)
})

it('are the first few, and none that is absurdly long', () => {
  const many = Array.from({ length: 1000 }, (_, index) => `http://${String(index)}.example/`)
  expect(fetchableUrls(many, 2)).toEqual(['http://0.example/', 'http://1.example/'])
  expect(fetchableUrls([`http://a.example/${'x'.repeat(2048)}`, `http://a.example/${'é'.repeat(1000)}`], 2)).toEqual([])
})
