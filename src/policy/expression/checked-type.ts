import type { ASTNode } from '@marcbachmann/cel-js'

/** The type that the checker noted at a node, in the library's words; null within `has()` and at the names of loop variables. */
export function checkedTypeOf(node: ASTNode): string | null {
  return (node as { readonly checkedType?: { readonly name: string } }).checkedType?.name ?? null
}
