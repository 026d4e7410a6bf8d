import type { ASTNode } from '@marcbachmann/cel-js'
import { checkedTypeOf } from '../expression/checked-type.ts'
import { accessOf, childrenOf, COMPREHENSIONS } from '../expression/inspect-expression.ts'
import { overloadsFor } from '../expression/evaluate/function-table.ts'
import { LANGUAGE_FUNCTIONS } from '../expression/evaluate/language-functions.ts'
import { typeOf as nodeTypeOf } from '../expression/evaluate/node-type.ts'
import { functionCost, operatorCost } from './function-cost.ts'
import {
  boundByType,
  EMPTY,
  largerOf,
  largestOf,
  SCALAR,
  shareOf,
  sumOf,
  withoutOptional,
  type Cost,
  type Size,
} from './size.ts'

/** A loop that costs more than the others, and how often it runs. */
export interface CostlyLoop {
  readonly offset: number
  readonly steps: number
  readonly rounds: number
}

export interface Estimate extends Cost {
  readonly loop: CostlyLoop | null
}

/** Estimates a checked expression; `variables` are the sizes of those it may use, which cost nothing here since each is evaluated once. */
export function estimateCost(root: ASTNode, variables: ReadonlyMap<string, Size>): Estimate {
  const estimator = new Estimator(variables)
  return { ...estimator.cost(root, new Map()), loop: estimator.costliest }
}

/** A loop variable: how large it is, and the text of the list or map whose elements or keys it takes. */
interface Element {
  readonly size: Size
  readonly of: string
}
type Scope = ReadonlyMap<string, Element>
type Call = Extract<ASTNode, { readonly op: 'rcall' }>

class Estimator {
  readonly #variables: ReadonlyMap<string, Size>
  costliest: CostlyLoop | null = null

  constructor(variables: ReadonlyMap<string, Size>) {
    this.#variables = variables
  }

  cost(node: ASTNode, scope: Scope): Cost {
    const { steps, size } = this.#unbounded(node, scope)
    return { steps, size: boundByType(size, typeOf(node)) }
  }

  #unbounded(node: ASTNode, scope: Scope): Cost {
    switch (node.op) {
      case 'value':
        return { steps: 1, size: literalSize(node.args) }
      case 'id':
        return { steps: 1, size: scope.get(node.args)?.size ?? largestOf(typeOf(node)) }
      case '?:':
        return this.#choice(node.args, scope)
      case 'rcall':
        return this.#method(node, scope)
      case 'call':
        if (node.args[0] === 'has') return { steps: 1, size: SCALAR }
        return this.#call(node.args[0], false, node.args[1], scope)
      case 'list':
        return this.#list(node.args, scope)
      default:
        return (
          this.#elementOfLoop(node, scope) ??
          this.#field(node, scope) ??
          operatorCost(node.op, this.#all(childrenOf(node), scope))
        )
    }
  }

  #all(nodes: readonly ASTNode[], scope: Scope): readonly Cost[] {
    return nodes.map((node) => this.cost(node, scope))
  }

  /** `m[k]` within a loop of k over m: all rounds together see each element once. */
  #elementOfLoop(node: ASTNode, scope: Scope): Cost | null {
    if (node.op !== '[]' || node.args[1].op !== 'id') return null
    const element = scope.get(node.args[1].args)
    return element?.of === textOf(node.args[0]) ? { steps: 2, size: element.size } : null
  }

  #field(node: ASTNode, scope: Scope): Cost | null {
    const access = accessOf(node)
    if (access === null) return null
    if (access.of.op === 'id' && access.of.args === 'variables')
      return { steps: 1, size: this.#variables.get(access.field) ?? largestOf(typeOf(node)) }
    const owner = this.cost(access.of, scope)
    const cap = largestOf(withoutOptional(typeOf(access.of)))
    const size = { chars: Math.min(owner.size.chars, cap.chars), values: Math.min(owner.size.values, cap.values) }
    return { steps: owner.steps + 1, size }
  }

  #choice([condition, ...branches]: readonly ASTNode[], scope: Scope): Cost {
    const [one, other] = this.#all(branches, scope)
    const asked = condition === undefined ? 0 : this.cost(condition, scope).steps
    if (one === undefined || other === undefined) return { steps: asked, size: SCALAR }
    return { steps: asked + Math.max(one.steps, other.steps), size: largerOf(one.size, other.size) }
  }

  #list(nodes: readonly ASTNode[], scope: Scope): Cost {
    const elements = this.#all(nodes, scope)
    const steps = elements.reduce((sum, element) => sum + element.steps, 1)
    const size = elements.reduce((sum, element) => sumOf(sum, { ...element.size, items: 1 }), EMPTY)
    return { steps, size }
  }

  #method(node: Call, scope: Scope): Cost {
    const [name, receiver, values] = node.args
    if (COMPREHENSIONS.has(name)) return this.#loop(node, scope)
    const [variable, bound, body] = values
    if (name === 'bind' && variable?.op === 'id' && bound !== undefined && body !== undefined) {
      const value = this.cost(bound, scope)
      const result = this.cost(body, new Map([...scope, [variable.args, { size: value.size, of: '' }]]))
      return { steps: value.steps + result.steps, size: result.size }
    }
    return this.#call(name, true, [receiver, ...values], scope)
  }

  /** Where types are known only when it runs, the worst of all that it may turn out to call; methods of optionals are in no table. */
  #call(name: string, hasReceiver: boolean, nodes: readonly ASTNode[], scope: Scope): Cost {
    const operands = this.#all(nodes, scope)
    const overloads = overloadsFor(LANGUAGE_FUNCTIONS, name, hasReceiver, nodes.map(nodeTypeOf))
    const costs = overloads.map(({ priced }) => functionCost(priced, operands))
    if (costs.length === 0) return operatorCost(name, operands)
    return costs.reduce((one, other) => ({
      steps: Math.max(one.steps, other.steps),
      size: largerOf(one.size, other.size),
    }))
  }

  /**
   * A list may hold its characters evenly or all in one element; what a body does with a text may cost the square of its length. The worse
   * of both ends bounds all between.
   */
  #loop(node: Call, scope: Scope): Cost {
    const [name, receiver, [variable, ...bodies]] = node.args
    const list = this.cost(receiver, scope)
    const rounds = list.size.items ?? list.size.values
    const round = (element: Size): Cost => this.#round(bodies, variable, { size: element, of: textOf(receiver) }, scope)
    const { chars, values } = list.size
    const [even, whole, bare] = [
      round(shareOf(list.size, rounds)),
      round({ chars, values }),
      round({ chars: 0, values: 1 }),
    ]
    const worst = (of: (cost: Cost) => number): number => Math.max(rounds * of(even), of(whole) + rounds * of(bare))
    const steps = list.steps + worst((cost) => cost.steps)
    if (steps > (this.costliest?.steps ?? 0)) this.costliest = { offset: node.start, steps, rounds: Math.round(rounds) }
    if (name === 'filter') return { steps, size: { ...list.size, items: rounds } }
    if (name !== 'map') return { steps, size: SCALAR }
    const size = { chars: worst((cost) => cost.size.chars), values: worst((cost) => cost.size.values), items: rounds }
    return { steps, size }
  }

  #round(bodies: readonly ASTNode[], variable: ASTNode | undefined, element: Element, scope: Scope): Cost {
    const inner = variable?.op === 'id' ? new Map([...scope, [variable.args, element]]) : scope
    const costs = this.#all(bodies, inner)
    return { steps: costs.reduce((sum, cost) => sum + cost.steps, 1), size: costs.at(-1)?.size ?? SCALAR }
  }
}

function typeOf(node: ASTNode): string {
  return checkedTypeOf(node) ?? 'dyn'
}

function textOf(node: ASTNode): string {
  return node.input.slice(node.start, node.end)
}

function literalSize(value: unknown): Size {
  return typeof value === 'string' ? { chars: value.length, values: 1 } : SCALAR
}
