import { detail, FAULT_CARDS, type Fault, type FaultKind } from './faults.ts'
import { createRandom, type Random } from './random.ts'
import { STORIES, type Story } from './stories.ts'

export const GATEWAYS = ['A', 'B'] as const
export type GatewayName = (typeof GATEWAYS)[number]

/** How one attempt is made. */
export interface Turn {
  readonly gateway: GatewayName
  readonly fault: Fault | null
  /** Before the attempt. */
  readonly pauseMs: number
}

/** One software from its first registration on. */
export interface Registration {
  readonly number: number
  readonly title: string
  readonly story: Story
  /** For each leg; attempts beyond them have no faults. */
  readonly turns: readonly (readonly Turn[])[]
}

/** How likely the first, second, ... attempt meets a fault. */
const FAULT_CHANCE = [0.5, 0.35, 0.25, 0.15, 0.1]

/** The same for the same seed, count and cards. Faults and stories are dealt like cards: before any comes oftener than its share, all have come. */
export function buildSchedule(
  seed: string,
  count: number,
  cards: readonly FaultKind[] = FAULT_CARDS,
): readonly Registration[] {
  const deals = {
    fault: createDeck(cards, createRandom(`${seed} faults`)),
    story: createDeck(
      Object.entries(STORIES).flatMap(([title, story]) =>
        Array.from({ length: story.share }, () => ({ title, story })),
      ),
      createRandom(`${seed} stories`),
    ),
  }
  return Array.from({ length: count }, (_, number) => {
    const { title, story } = deals.story()
    const random = createRandom(`${seed} registration ${number}`)
    const first = random.whole(0, 1)
    // Legs begin at gateways of their own.
    const turns = story.legs.map((_leg, leg) => buildTurns(deals.fault, random, GATEWAYS[(first + leg) % 2] ?? 'A'))
    return { number, title, story, turns }
  })
}

function buildTurns(dealFault: () => FaultKind, random: Random, first: GatewayName): Turn[] {
  return FAULT_CHANCE.map((chance, turn) => ({
    gateway: turn === 0 ? first : random.chance(0.5) ? 'A' : 'B',
    fault: random.chance(chance) ? detail(dealFault(), random) : null,
    // Legs begin at the same moment.
    pauseMs: turn === 0 ? 0 : random.whole(0, 150 * turn),
  }))
}

function createDeck<Card>(cards: readonly Card[], random: Random): () => Card {
  let left: Card[] = []
  return () => {
    if (left.length === 0) left = random.shuffled(cards)
    const card = left.pop()
    if (card === undefined) throw new RangeError('a deck needs cards')
    return card
  }
}
