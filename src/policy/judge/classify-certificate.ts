import type { Finding } from '../../model/refusal.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import type { JudgedFacts } from './build-activation.ts'
import { certificateValue } from './certificate-value.ts'
import { describeFailure } from './describe-failure.ts'

export interface Classification {
  /** Empty when the certificate is of no class, or there is none. */
  readonly certificateClass: string
  readonly findings: readonly Finding[]
}

type Facts = Pick<JudgedFacts, 'certificate' | 'parameters' | 'now'>

/** The first class whose condition holds; rules for one kind of certificate then never judge another. */
export function classifyCertificate(policy: CompiledPolicy, { certificate, parameters, now }: Facts): Classification {
  if (policy.certificateClasses === null || certificate === null) return { certificateClass: '', findings: [] }
  const { classes, refusesOthers } = policy.certificateClasses
  const facts = {
    certificate: certificateValue(certificate),
    parameters: policy.declarations.makeParameters(parameters),
    now,
  }
  for (const [name, condition] of classes) {
    try {
      if (condition.evaluate(facts) === true) return { certificateClass: name, findings: [] }
    } catch (failure) {
      // Going on would hand the certificate to a later class, which may ask for less.
      const detail = `the condition of the class ${name} failed: ${describeFailure(failure)}`
      return { certificateClass: '', findings: [unknownClass([...classes.keys()], detail)] }
    }
  }
  return { certificateClass: '', findings: refusesOthers ? [unknownClass([...classes.keys()])] : [] }
}

function unknownClass(classes: readonly string[], detail?: string): Finding {
  return {
    reason: 'certificate-class-unknown',
    at: 'client certificate',
    message: 'the client certificate is of no kind that is accepted here',
    wanted: `a certificate of one of the classes ${classes.join(', ')}`,
    ...(detail === undefined ? {} : { detail }),
  }
}
