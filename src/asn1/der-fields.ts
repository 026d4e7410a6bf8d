import type { DerNode } from './der-node.ts'
import { DerSyntaxError } from './der-syntax-error.ts'
import { expectUniversal, isContext, isUniversal } from './expect-node.ts'
import { TAG } from './tags.ts'

/** Takes the fields of a SEQUENCE one after the other, so that nothing is read twice and nothing is left unread. */
export class DerFields {
  readonly #what: string
  readonly #nodes: readonly DerNode[]
  #position = 0

  /** @throws DerSyntaxError when the node is no SEQUENCE */
  constructor(node: DerNode | undefined, what: string) {
    this.#what = what
    this.#nodes = expectUniversal(node, TAG.sequence, what).children
  }

  /** @throws DerSyntaxError when the next field is another one, or there is none */
  take(tag: number, field: string): DerNode {
    return expectUniversal(this.takeAny(), tag, `${field} of ${this.#what}`)
  }

  /** The next field whatever its type. */
  takeAny(): DerNode | undefined {
    const node = this.#nodes[this.#position]
    this.#position += 1
    return node
  }

  takeOptional(tag: number): DerNode | undefined {
    return this.#takeIf((node) => isUniversal(node, tag))
  }

  takeOptionalContext(tag: number): DerNode | undefined {
    return this.#takeIf((node) => isContext(node, tag))
  }

  /** @throws DerSyntaxError when fields are left */
  end(): void {
    if (this.#position < this.#nodes.length) throw new DerSyntaxError(`${this.#what} has unexpected fields`)
  }

  #takeIf(wanted: (node: DerNode) => boolean): DerNode | undefined {
    const node = this.#nodes[this.#position]
    return node !== undefined && wanted(node) ? this.takeAny() : undefined
  }
}
