import { problem, type PathCheck } from './path-step.ts'

/** RFC 5280 section 6.1.4 (l) and (m). */
export const checkPathLength: PathCheck = (step) => {
  const limit = step.certificate.basicConstraints?.pathLength ?? null
  if (step.isClient || limit === null || step.intermediatesBelow <= limit) return null
  return problem(step, {
    reason: 'client-certificate-path-too-long',
    message: 'has more intermediates below it than it allows',
    wanted: `at most ${limit} intermediate certificates below it`,
    found: String(step.intermediatesBelow),
  })
}
