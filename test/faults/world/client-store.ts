import { existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import type { Adapter, AdapterPayload } from 'oidc-provider'

interface Line {
  readonly model: string
  readonly id: string
  /** Null once it is removed. */
  readonly payload: AdapterPayload | null
}

/**
 * All that the identity server knows, in a file that is only appended to. What was written is with the system, and outlasts a SIGKILL of
 * the process without fsync; a line that was cut off was acknowledged to nobody.
 */
export class ClientStore {
  readonly #models = new Map<string, Map<string, AdapterPayload>>()
  readonly #file: number

  constructor(file: string) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole))
    for (const line of whole.split('\n').filter(Boolean)) this.#apply(JSON.parse(line) as Line)
    this.#file = openSync(file, 'a')
  }

  list(model: string): readonly AdapterPayload[] {
    return [...this.#modelOf(model).values()]
  }

  find(model: string, id: string): AdapterPayload | undefined {
    return this.#modelOf(model).get(id)
  }

  set(model: string, id: string, payload: AdapterPayload | null): void {
    const line: Line = { model, id, payload }
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
    this.#apply(line)
  }

  #apply({ model, id, payload }: Line): void {
    if (payload === null) this.#modelOf(model).delete(id)
    else this.#modelOf(model).set(id, payload)
  }

  #modelOf(model: string): Map<string, AdapterPayload> {
    const entries = this.#models.get(model) ?? new Map<string, AdapterPayload>()
    this.#models.set(model, entries)
    return entries
  }
}

/** As `oidc-provider` asks for it; registration needs no more than these three. */
export function createAdapterFactory(store: ClientStore): (model: string) => Adapter {
  const set = (model: string, id: string, payload: AdapterPayload | null): Promise<void> => {
    store.set(model, id, payload)
    return Promise.resolve()
  }
  const unused = (): Promise<undefined> => Promise.resolve(undefined)
  return (model) => ({
    upsert: (id, payload) => set(model, id, payload),
    find: (id) => Promise.resolve(store.find(model, id)),
    destroy: (id) => set(model, id, null),
    findByUserCode: unused,
    findByUid: unused,
    consume: unused,
    revokeByGrantId: unused,
  })
}
