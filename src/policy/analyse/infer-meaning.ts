import type { ASTNode } from '@marcbachmann/cel-js'
import { checkedTypeOf } from '../expression/checked-type.ts'
import { accessOf, childrenOf, type ExpressionProblem } from '../expression/inspect-expression.ts'
import type { Dictionary } from './build-dictionary.ts'
import { findForeignWords } from './find-foreign-words.ts'
import {
  join,
  literalMeaning,
  meaningOfType,
  NOTHING,
  relocate,
  UNKNOWN,
  wordMeaning,
  type Meaning,
} from './meaning.ts'

export interface Inference {
  readonly meaning: Meaning
  /** Literals compared with something they can never equal. */
  readonly problems: readonly ExpressionProblem[]
}

/** What a checked expression gives, and the words in it that its vocabularies do not have. */
export function inferMeaning(root: ASTNode, dictionary: Dictionary): Inference {
  const problems = new Map<number, ExpressionProblem>()
  const note: Note = (found) => {
    for (const problem of found) problems.set(problem.offset, problem)
  }
  const meaning = new MeaningReader(dictionary, note).read(root, new Map())
  return { meaning, problems: [...problems.values()] }
}

type Note = (problems: readonly ExpressionProblem[]) => void
/** Variables of the loops around a node. */
type Scope = ReadonlyMap<string, Meaning>
type Call = Extract<ASTNode, { readonly op: 'rcall' }>

const EQUALITY: ReadonlySet<string> = new Set(['==', '!='])

class MeaningReader {
  readonly #dictionary: Dictionary
  readonly #note: Note

  constructor(dictionary: Dictionary, note: Note) {
    this.#dictionary = dictionary
    this.#note = note
  }

  read(node: ASTNode, scope: Scope): Meaning {
    switch (node.op) {
      case 'value':
        return typeof node.args === 'string' || typeof node.args === 'bigint'
          ? literalMeaning({ value: node.args, offset: node.start })
          : UNKNOWN
      case 'id':
        return scope.get(node.args) ?? this.#dictionary.names.get(node.args) ?? typeMeaning(node)
      case '.':
      case '.?':
      case '[]':
      case '[?]':
        return this.#readAccess(node, scope)
      case 'list':
        return { kind: 'list', of: this.#joined(node.args, scope) }
      case 'map':
        return this.#readMap(node.args, scope)
      case '?:':
        this.read(node.args[0], scope)
        return join(this.read(node.args[1], scope), this.read(node.args[2], scope))
      case 'call':
        return this.#readCall(node, scope)
      case 'rcall':
        return this.#readMethod(node, scope)
      default:
        return this.#readOperator(node, scope)
    }
  }

  #joined(nodes: readonly ASTNode[], scope: Scope): Meaning {
    return nodes.map((node) => this.read(node, scope)).reduce(join, NOTHING)
  }

  #readMap(entries: readonly (readonly [ASTNode, ASTNode])[], scope: Scope): Meaning {
    return {
      kind: 'map',
      keys: this.#joined(
        entries.map(([key]) => key),
        scope,
      ),
      of: this.#joined(
        entries.map(([, value]) => value),
        scope,
      ),
    }
  }

  /** A field, or an element; of an optional it is optional again. */
  #readAccess(node: Extract<ASTNode, { readonly op: '.' | '.?' | '[]' | '[?]' }>, scope: Scope): Meaning {
    const owner = this.read(node.args[0], scope)
    const key = typeof node.args[1] === 'string' ? NOTHING : this.read(node.args[1], scope)
    const isOptional = owner.kind === 'optional' || node.op === '.?' || node.op === '[?]'
    const found = this.#partOf(owner.kind === 'optional' ? owner.of : owner, node, key)
    if (found !== null) return isOptional ? { kind: 'optional', of: found } : found
    return typeMeaning(node)
  }

  #partOf(owner: Meaning, node: ASTNode, key: Meaning): Meaning | null {
    if (owner.kind === 'list') return owner.of
    if (owner.kind === 'map') {
      this.#note(findForeignWords(owner.keys, key))
      return owner.of
    }
    const access = accessOf(node)
    if (owner.kind !== 'object' || access === null) return null
    const field = this.#dictionary.fields.get(owner.type)?.get(access.field)
    return field === undefined ? null : relocate(field, node.start)
  }

  #readCall(node: Extract<ASTNode, { readonly op: 'call' }>, scope: Scope): Meaning {
    const [name, values] = node.args
    // Nothing but the presence of the field is asked, and the checker noted no types within.
    if (name === 'has') return UNKNOWN
    const [first = UNKNOWN] = values.map((value) => this.read(value, scope))
    if (name === 'scopes') return wordsOf(first) ?? typeMeaning(node)
    return name === 'dyn' || name === 'string' ? first : typeMeaning(node)
  }

  #readOperator(node: ASTNode, scope: Scope): Meaning {
    const [left = UNKNOWN, right = UNKNOWN] = childrenOf(node).map((child) => this.read(child, scope))
    if (EQUALITY.has(node.op)) this.#note(findForeignWords(left, right))
    if (node.op === 'in' && right.kind === 'list') this.#note(findForeignWords(left, right.of))
    if (node.op === 'in' && right.kind === 'map') this.#note(findForeignWords(left, right.keys))
    return node.op === '+' && left.kind === 'list' && right.kind === 'list' ? join(left, right) : typeMeaning(node)
  }

  #readMethod(node: Call, scope: Scope): Meaning {
    const [name, receiver, values] = node.args
    if (receiver.op === 'id' && receiver.args === 'sets') return this.#readSets(node, scope)
    if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel') return this.#readBinding(node, scope)
    const owner = this.read(receiver, scope)
    const loop = LOOPS.get(name)
    if (loop !== undefined) return this.#readLoop(node, owner, scope, loop)
    const [first = UNKNOWN] = values.map((value) => this.read(value, scope))
    switch (name) {
      case 'orValue':
        if (owner.kind !== 'optional') return typeMeaning(node)
        this.#note(findForeignWords(owner.of, first))
        return join(owner.of, first)
      case 'or':
        return join(owner, first)
      case 'value':
        return owner.kind === 'optional' ? owner.of : typeMeaning(node)
      case 'of':
        return receiver.op === 'id' && receiver.args === 'optional'
          ? { kind: 'optional', of: first }
          : typeMeaning(node)
      case 'none':
        return { kind: 'optional', of: NOTHING }
      case 'split':
        return isSpace(values[0]) ? (wordsOf(owner) ?? typeMeaning(node)) : typeMeaning(node)
      case 'contains':
        // Of a delimited text: a part of a word is no word, but the misspelt one is at least found.
        if (owner.kind === 'text' && owner.delimited) this.#note(findForeignWords(owner, first))
        return typeMeaning(node)
      default:
        return typeMeaning(node)
    }
  }

  #readLoop(node: Call, owner: Meaning, scope: Scope, gives: 'elements' | 'results' | 'bool'): Meaning {
    const [, , [variable, ...bodies]] = node.args
    const element = owner.kind === 'list' ? owner.of : owner.kind === 'map' ? owner.keys : UNKNOWN
    const inner = variable?.op === 'id' ? new Map([...scope, [variable.args, element]]) : scope
    const results = bodies.map((body) => this.read(body, inner))
    if (gives === 'elements') return { kind: 'list', of: element }
    return gives === 'results' ? { kind: 'list', of: results.at(-1) ?? UNKNOWN } : UNKNOWN
  }

  #readBinding(node: Call, scope: Scope): Meaning {
    const [variable, value, body] = node.args[2]
    if (variable?.op !== 'id' || value === undefined || body === undefined) return UNKNOWN
    return this.read(body, new Map([...scope, [variable.args, this.read(value, scope)]]))
  }

  #readSets(node: Call, scope: Scope): Meaning {
    const [left = UNKNOWN, right = UNKNOWN] = node.args[2].map((value) => this.read(value, scope))
    this.#note(findForeignWords(left, right))
    return node.args[0] === 'difference' ? left : typeMeaning(node)
  }
}

/** What a loop gives: a list of its elements or of what its body gives, or whether something holds. */
const LOOPS: ReadonlyMap<string, 'elements' | 'results' | 'bool'> = new Map([
  ['filter', 'elements'],
  ['map', 'results'],
  ['all', 'bool'],
  ['exists', 'bool'],
  ['exists_one', 'bool'],
])

function typeMeaning(node: ASTNode): Meaning {
  return meaningOfType(checkedTypeOf(node) ?? 'dyn')
}

function isSpace(node: ASTNode | undefined): boolean {
  return node?.op === 'value' && node.args === ' '
}

/** Of a space-delimited text the words. */
function wordsOf(meaning: Meaning): Meaning | null {
  if (meaning.kind !== 'text' || !meaning.delimited || meaning.vocabulary === null || meaning.open) return null
  return { kind: 'list', of: wordMeaning(meaning.vocabulary) }
}
