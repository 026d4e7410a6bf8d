import { expect, it } from 'vitest'
import { BoundedEntries } from '../../../src/egress/bounded-entries.ts'

function open(bounds: { maxEntries: number; maxBytes: number }, ownerOf: (key: string) => string = () => '') {
  const evicted: string[] = []
  const options = { onEvicted: (value: string) => evicted.push(value), ownerOf }
  return { evicted, entries: new BoundedEntries<string>(bounds, options) }
}

it('drops what was used longest ago when there are too many', () => {
  const { entries, evicted } = open({ maxEntries: 2, maxBytes: 100 })
  entries.set('a', 'A', 1)
  entries.set('b', 'B', 1)
  entries.get('a')
  entries.peek('b')
  entries.set('c', 'C', 1)
  expect(evicted).toEqual(['B'])
  expect(entries.values()).toEqual(['A', 'C'])
})

it('drops as many as the bytes of the new one need', () => {
  const { entries, evicted } = open({ maxEntries: 10, maxBytes: 10 })
  for (const key of ['a', 'b', 'c']) entries.set(key, key, 3)
  entries.set('d', 'd', 7)
  expect(evicted).toEqual(['a', 'b'])
})

it('counts an entry once that is set twice, and not at all once it is deleted', () => {
  const { entries, evicted } = open({ maxEntries: 10, maxBytes: 10 })
  for (let turn = 0; turn < 5; turn += 1) entries.set('a', 'a', 6)
  entries.set('b', 'b', 4)
  entries.delete('a')
  entries.set('c', 'c', 6)
  expect(evicted).toEqual([])
  expect(entries.values()).toEqual(['b', 'c'])
})

it('does not empty itself for one that is too large for all of it, and keeps the one before', () => {
  const { entries, evicted } = open({ maxEntries: 10, maxBytes: 10 })
  entries.set('a', 'a', 5)
  expect(entries.set('a', 'larger', 11)).toBe(false)
  expect(entries.get('a')).toBe('a')
  expect(evicted).toEqual([])
})

const firstLetter = (key: string): string => key.slice(0, 1)

it('has those make room who hold the most, so that nobody pushes out the few of another', () => {
  const { entries, evicted } = open({ maxEntries: 4, maxBytes: 100 }, firstLetter)
  for (const key of ['a1', 'b1', 'b2', 'b3', 'b4', 'b5']) entries.set(key, key, 1)
  expect(evicted).toEqual(['b1', 'b2'])
  expect(entries.peek('a1')).toBe('a1')
})

it('reckons by bytes where these are short, and lets in the latest however large', () => {
  const { entries, evicted } = open({ maxEntries: 10, maxBytes: 10 }, firstLetter)
  for (const key of ['a1', 'b1', 'b2']) entries.set(key, key, key === 'a1' ? 2 : 3)
  entries.set('c1', 'c1', 7)
  expect(evicted).toEqual(['b1', 'b2'])
  expect(entries.values()).toEqual(['a1', 'c1'])
})
