import { ListFault } from './list-fault.ts'

/** Deeper than any list; canonicalization goes down by recursion. */
const DEPTH_LIMIT = 64
/** Finding elements costs the square of it. */
const CHILD_LIMIT = 1_000
const ATTRIBUTE_LIMIT = 64
/** Lists of the Union have up to about 160 000; each becomes objects of a hundred times its size. */
const TAG_LIMIT = 200_000

const START = /<([A-Za-z_][\w.:-]*)/y
const ATTRIBUTE = /\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*')/y
const START_END = /\s*(\/?)>/y
const END = /<\/([A-Za-z_][\w.:-]*)\s*>/y

interface OpenElement {
  readonly name: string
  children: number
}

/**
 * Walks the tags of a document and builds nothing: every one closed in its turn, one element around all others, and no more of anything
 * than a list has. The parser passes over an end tag that closes nothing and closes at the end whatever is open, without a word.
 *
 * @throws ListFault
 */
export function scanTags(text: string): void {
  new TagScan(text).scan()
}

class TagScan {
  readonly #text: string
  readonly #open: OpenElement[] = []
  #at = 0
  #tags = 0

  constructor(text: string) {
    this.#text = text
  }

  scan(): void {
    while (this.#at < this.#text.length) {
      if (this.#follows('<!--')) this.#skipPast('-->')
      else if (this.#follows('</')) this.#close()
      else if (this.#follows('<![CDATA[') && this.#open.length > 0) this.#skipPast(']]>')
      else if (this.#follows('<')) this.#start()
      else this.#skipText()
    }
    if (this.#open.length > 0 || this.#tags === 0) throw this.#malformed()
  }

  #start(): void {
    this.#countTag()
    const name = this.#match(START)?.[1]
    if (name === undefined || (this.#open.length === 0 && this.#tags > 1)) throw this.#malformed()
    for (let attributes = 1; this.#match(ATTRIBUTE) !== null; attributes += 1)
      if (attributes > ATTRIBUTE_LIMIT) throw this.#tooMany(`at most ${ATTRIBUTE_LIMIT} attributes`)
    const end = this.#match(START_END)
    if (end === null) throw this.#malformed()
    if (end[1] === '') this.#open.push({ name, children: 0 })
    if (this.#open.length > DEPTH_LIMIT) throw this.#tooMany(`at most ${DEPTH_LIMIT} elements inside each other`)
  }

  #countTag(): void {
    const parent = this.#open.at(-1)
    if (parent !== undefined && ++parent.children > CHILD_LIMIT)
      throw this.#tooMany(`at most ${CHILD_LIMIT} elements side by side`)
    if (++this.#tags > TAG_LIMIT) throw this.#tooMany(`at most ${TAG_LIMIT} elements`)
  }

  #close(): void {
    const name = this.#match(END)?.[1]
    if (name === undefined || this.#open.pop()?.name !== name) throw this.#malformed()
  }

  #skipText(): void {
    const next = this.#text.indexOf('<', this.#at)
    const end = next < 0 ? this.#text.length : next
    if (this.#open.length === 0 && /\S/.test(this.#text.slice(this.#at, end))) throw this.#malformed()
    this.#at = end
  }

  #skipPast(closing: string): void {
    const end = this.#text.indexOf(closing, this.#at)
    if (end < 0) throw this.#malformed()
    this.#at = end + closing.length
  }

  #follows(start: string): boolean {
    return this.#text.startsWith(start, this.#at)
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match !== null) this.#at = pattern.lastIndex
    return match
  }

  #malformed(): ListFault {
    return new ListFault({ wanted: 'well-formed XML', found: 'a list that is cut off or damaged', line: this.#line() })
  }

  #tooMany(wanted: string): ListFault {
    return new ListFault({ wanted, found: 'more', line: this.#line() })
  }

  #line(): number {
    return this.#text.slice(0, this.#at).split('\n').length
  }
}
