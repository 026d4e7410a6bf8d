import type { ASTNode } from '@marcbachmann/cel-js'
import { opener, value, type CompiledNode, type Evaluate, type NodeCompiler, type Scope } from './compiled-node.ts'
import { failingWith } from './evaluation-failure.ts'
import { typeOf } from './node-type.ts'
import { opened, readMember } from './read-member.ts'
import { Fields } from './typed-values.ts'

/** `has(a.b.c)`: whether the last of the names is there. What stands before it must be, unless a `.?` allows it to be absent. */
export function compilePresence(node: ASTNode, argument: ASTNode, scope: Scope, compiler: NodeCompiler): CompiledNode {
  const { root, names, firstOptional } = chainOf(argument)
  const owner = compiler.compile(root, scope)
  const steps = names.map((name, index) => {
    const mayBeAbsent = index === names.length - 1 || index >= firstOptional
    return { name, fail: mayBeAbsent ? null : failingWith(`No such key: ${name}`) }
  })
  const [only, ...more] = steps
  const evaluate =
    only !== undefined && more.length === 0 ? memberPresence(opener(owner), only.name) : presence(opener(owner), steps)
  return value(typeOf(node), evaluate, [owner])
}

/** The usual case; what policies declare has its members asked for at once. */
function memberPresence(open: Evaluate, name: string): Evaluate {
  return (activation) => {
    const owner = open(activation)
    return (owner instanceof Fields ? owner.read(name) : readMember(owner, name)) !== undefined
  }
}

interface Step {
  readonly name: string
  readonly fail: (() => never) | null
}

function presence(open: Evaluate, steps: readonly Step[]): Evaluate {
  return (activation) => {
    let found = open(activation)
    for (const { name, fail } of steps) {
      found = opened(readMember(found, name))
      if (found === undefined) return fail === null ? false : fail()
    }
    return true
  }
}

/** The names of `a.b.?c` from the outside in. The parser has made sure that it is nothing but names. */
function chainOf(argument: ASTNode): { root: ASTNode; names: readonly string[]; firstOptional: number } {
  const names: string[] = []
  let root = argument
  let behindOptional = Number.NEGATIVE_INFINITY
  while (root.op === '.' || root.op === '.?') {
    names.unshift(root.args[1])
    if (root.op === '.?') behindOptional = names.length
    root = root.args[0]
  }
  return { root, names, firstOptional: names.length - behindOptional }
}
