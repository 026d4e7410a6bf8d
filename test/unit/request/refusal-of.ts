import { Refusal, type Finding } from '../../../src/model/refusal.ts'

/** The one finding that something is refused with; fails when it is not refused, or for another cause. */
export async function refusalOf(act: () => unknown): Promise<Finding> {
  try {
    await act()
  } catch (failure) {
    if (failure instanceof Refusal && failure.findings.length === 1) return failure.findings[0]
    throw failure
  }
  throw new Error('nothing was refused')
}
