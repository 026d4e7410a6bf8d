import { foldConstant, NO_ASSUMPTIONS } from '../analyse/fold-constant.ts'
import type { Fault } from '../../model/fault.ts'
import type { CertificateClasses } from '../compiled-policy.ts'
import type { CompiledExpression } from '../expression/compile-expression.ts'
import type { ExpressionCompiler } from './expression-compiler.ts'
import { faultAt, lastOf, type ResolvedPolicy } from './resolve-inheritance.ts'

/** The names of the classes in force; their order decides, so a policy that extends another one takes its classes whole or writes its own. */
export function classNames({ chain }: ResolvedPolicy): readonly string[] {
  return Object.keys(lastOf(chain, 'certificateClasses')?.value ?? {})
}

/** Compiles the kinds of certificates that a policy tells apart; `compiler` knows certificate, parameters and now alone. */
export function compileCertificateClasses(
  { chain }: ResolvedPolicy,
  compiler: ExpressionCompiler,
  faults: Fault[],
): CertificateClasses | null {
  const section = lastOf(chain, 'certificateClasses')
  if (section === null) return null
  const classes = new Map<string, CompiledExpression>()
  let last: string | null = null
  for (const [name, text] of Object.entries(section.value)) {
    const place = { source: section.source, path: [...section.path, name], value: text }
    if (last !== null) {
      const fault = faultAt(place.source, place.path, 'a class that some certificate can have', name)
      faults.push({ ...fault, hint: `every certificate that comes so far is of the class ${last}` })
    }
    const compiled = compiler.compile(place, ['bool'])
    if (compiled === null) continue
    const outcome = foldConstant(compiled.ast, NO_ASSUMPTIONS)
    if (outcome.is === 'value' && outcome.value === true) last ??= name
    if (outcome.is === 'failure' || (outcome.is === 'value' && outcome.value !== true))
      faults.push(faultAt(place.source, place.path, 'a condition that some certificate meets', text))
    classes.set(name, compiled)
  }
  const unclassified = chain.findLast((file) => file.content.clientCertificate?.unclassified !== undefined)
  return { classes, refusesOthers: unclassified?.content.clientCertificate?.unclassified !== 'accept' }
}
