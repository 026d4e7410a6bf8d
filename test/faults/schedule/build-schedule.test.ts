import { expect, it } from 'vitest'
import { buildSchedule } from './build-schedule.ts'
import { FAULT_CARDS, nameOf } from './faults.ts'
import { STORIES } from './stories.ts'

it('is the same for the same seed, and another for another', () => {
  expect(buildSchedule('one', 50)).toEqual(buildSchedule('one', 50))
  expect(buildSchedule('one', 50)).not.toEqual(buildSchedule('two', 50))
})

it('leaves out no kind of fault and no story', () => {
  const schedule = buildSchedule('one', 200)
  const faults = schedule.flatMap(({ turns }) => turns.flat()).flatMap(({ fault }) => (fault === null ? [] : [fault]))
  expect(new Set(faults.map(nameOf))).toEqual(new Set(FAULT_CARDS.map(nameOf)))
  expect(new Set(schedule.map(({ title }) => title))).toEqual(new Set(Object.keys(STORIES)))
})

it('lets two registrations of one software begin at gateways of their own', () => {
  const races = buildSchedule('one', 200).filter(({ turns }) => turns.length > 1)
  expect(races.length).toBeGreaterThan(0)
  for (const { turns } of races) expect(new Set(turns.map(([first]) => first?.gateway)).size).toBe(2)
})
