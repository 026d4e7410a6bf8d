import { refuse, type Refusal } from '../model/refusal.ts'
import type { RegistryUnavailable } from './registry-unavailable.ts'

export function stateUnavailable(message: string, failure: RegistryUnavailable): Refusal {
  return refuse({ reason: 'state-unavailable', at: 'registration', message, detail: failure.detail }, failure)
}
