/** One way to do a piece of work, timed against the others that do the same. */
export interface Contender {
  readonly name: string
  /** Throws unless it does what it says: what is wrong is quickly done. */
  readonly check: () => Promise<void> | void
  /** Does the work so many times. */
  readonly run: (times: number) => Promise<void> | void
  /** In each round; about a tenth of a second of it. */
  readonly times: number
  /** CPU time that whoever does the work has used so far, in microseconds; of this process when left out. */
  readonly cpuUs?: () => Promise<number>
}

export interface Spread {
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

export interface Compared {
  readonly name: string
  /** To the first contender, round by round, so that whatever slows the machine down slows both. */
  readonly ratio: Spread
  /** CPU time for doing it once, on this machine. */
  readonly us: Spread
}

/** By then everything is compiled. */
const WARM_UP_ROUNDS = 3

/** Checks every contender, then lets them take turns; the first is what the others are held against. */
export async function compare(contenders: readonly Contender[], rounds: number): Promise<readonly Compared[]> {
  for (const contender of contenders) await contender.check()
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1)
    for (const contender of contenders) await contender.run(contender.times)
  const taken: number[][] = contenders.map(() => [])
  for (let round = 0; round < rounds; round += 1)
    for (const [index, contender] of contenders.entries()) taken[index]?.push(await timeOnce(contender))
  const [baseline = []] = taken
  return contenders.map(({ name }, index) => {
    const us = taken[index] ?? []
    return { name, ratio: spreadOf(us.map((each, round) => each / (baseline[round] ?? 0))), us: spreadOf(us) }
  })
}

async function timeOnce({ run, times, cpuUs = ownCpuUs }: Contender): Promise<number> {
  const before = await cpuUs()
  await run(times)
  return ((await cpuUs()) - before) / times
}

/** Garbage collection and compilation, which other threads do, included. */
function ownCpuUs(): Promise<number> {
  const { user, system } = process.cpuUsage()
  return Promise.resolve(user + system)
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return { median: at(0.5), lowest: at(0), highest: at(1) }
}
