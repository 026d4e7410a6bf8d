import { describe, expect, it } from 'vitest'
import { MemoryWindows } from '../../../../src/registry/rates/memory-windows.ts'
import { advancingClock } from '../advancing-clock.ts'

const WINDOW_MS = 60_000

function open(maxKeys = 10) {
  const clock = advancingClock()
  return { clock, windows: new MemoryWindows({ clock, windowMs: WINDOW_MS, maxKeys }) }
}

describe('counts in memory', () => {
  it('begin with the first request and end one window later, however many come in between', () => {
    const { clock, windows } = open()
    expect(windows.count('a')).toEqual({ count: 1, remainingMs: WINDOW_MS })
    clock.advance(WINDOW_MS - 0.5)
    expect(windows.count('a')).toEqual({ count: 2, remainingMs: 1 })
    clock.advance(0.5)
    expect(windows.count('a')).toEqual({ count: 1, remainingMs: WINDOW_MS })
  })

  it('are kept apart by key', () => {
    const { windows } = open()
    windows.count('a')
    expect(windows.count('b').count).toBe(1)
    expect(windows.count('a').count).toBe(2)
  })

  it('leave nothing behind once their window ended', () => {
    const { clock, windows } = open()
    windows.count('a')
    clock.advance(1)
    windows.count('b')
    clock.advance(WINDOW_MS - 1)
    windows.count('c')
    expect(windows.size).toBe(2)
    clock.advance(WINDOW_MS)
    windows.count('d')
    expect(windows.size).toBe(1)
  })

  it('forget the window that ends first where there are too many keys, and no other', () => {
    const { clock, windows } = open(2)
    windows.count('first')
    clock.advance(1)
    windows.count('second')
    windows.count('first')
    windows.count('third')
    expect(windows.size).toBe(2)
    expect(windows.count('second').count).toBe(2)
    expect(windows.count('third').count).toBe(2)
    expect(windows.count('first').count).toBe(1)
  })
})
