import { formatPath, type KeyPath } from './document/key-path.ts'
import type { Place } from './document/locate-path.ts'
import { nearestName } from './document/nearest-name.ts'
import type { Fault } from './model/fault.ts'

/** Notes a fault of gateway.yaml that shows only beside other files; `names` are those that may have been meant. */
export type NoteFault = (path: KeyPath, wanted: string, found: string, names: readonly string[], hint?: string) => void

export function noteFault(file: string, locate: (path: KeyPath) => Place, faults: Fault[]): NoteFault {
  return (path, wanted, found, names, hint) => {
    const near = hint === undefined ? nearestName(found, names) : null
    const help = hint ?? (near === null ? undefined : `did you mean ${near}?`)
    const fault = { file, ...locate(path), path: formatPath(path), wanted, found }
    faults.push(help === undefined ? fault : { ...fault, hint: help })
  }
}
