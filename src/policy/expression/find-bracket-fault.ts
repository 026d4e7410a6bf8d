/** A bracket of an expression that has no partner, and what was wanted for it. */
export interface BracketFault {
  readonly offset: number
  readonly wanted: string
  readonly found: string
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
/** Texts, in all forms CEL has for them, and comments: brackets in these count for nothing. */
const OPAQUE = /("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*)/g

/** The first bracket that is not closed, or closes nothing; the parser tells only where it gave up, which may be far behind. */
export function findBracketFault(text: string): BracketFault | null {
  const open: { readonly bracket: string; readonly offset: number }[] = []
  const visible = text.replace(OPAQUE, (opaque) => ' '.repeat(opaque.length))
  for (const { 0: bracket, index: offset } of visible.matchAll(/[()[\]{}]/g)) {
    if (CLOSING[bracket] !== undefined) {
      open.push({ bracket, offset })
      continue
    }
    const partner = open.pop()
    const wanted = partner === undefined ? 'an opening bracket before it' : CLOSING[partner.bracket]
    if (wanted !== bracket) return { offset, wanted: wanted ?? '', found: bracket }
  }
  const [unclosed] = open
  if (unclosed === undefined) return null
  return { offset: unclosed.offset, wanted: `a closing ${CLOSING[unclosed.bracket] ?? ''} for it`, found: 'none' }
}
