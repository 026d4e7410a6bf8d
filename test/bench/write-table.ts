import type { Compared, Spread } from './compare.ts'

const NAME_WIDTH = 62
const RATIO_WIDTH = 24

/** Plain text: what is compared, ratios first, since only they can be held against another machine's. */
export function writeTable(title: string, rows: readonly Compared[]): string {
  const head = `${title.padEnd(NAME_WIDTH)}${'ratio'.padEnd(RATIO_WIDTH)}µs here`
  return [head, ...rows.map(writeRow)].join('\n')
}

function writeRow({ name, ratio, us }: Compared, index: number): string {
  const compared = index === 0 ? '1' : writeSpread(ratio)
  return `  ${name}`.padEnd(NAME_WIDTH) + compared.padEnd(RATIO_WIDTH) + writeSpread(us)
}

function writeSpread({ median, lowest, highest }: Spread): string {
  return `${shortly(median)} (${shortly(lowest)}-${shortly(highest)})`
}

/** Two digits that count; more would be noise. */
function shortly(value: number): string {
  return value >= 10 ? value.toFixed(0) : Number(value.toPrecision(2)).toString()
}
