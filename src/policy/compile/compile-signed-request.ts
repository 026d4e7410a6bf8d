import { hintAt, nearestName } from '../../document/nearest-name.ts'
import type { Fault } from '../../model/fault.ts'
import type { StatementDemand } from '../../model/policy.ts'
import type { CompiledPolicy, CompiledSignedRequest } from '../compiled-policy.ts'
import type { CompiledExpression } from '../expression/compile-expression.ts'
import { STATEMENT_FACTS } from '../expression/facts.ts'
import type { SignedRequestContent } from '../schema/signed-request-schema.ts'
import type { ExpressionCompiler } from './expression-compiler.ts'
import type { PolicyFile } from './policy-file.ts'
import { OPTIONAL_STRING } from './compile-rules.ts'
import { faultAt, type ResolvedPolicy } from './resolve-inheritance.ts'

/** What of the policy the section rests on. */
export interface SignedRequestContext {
  readonly compiler: ExpressionCompiler
  readonly parameters: CompiledPolicy['parameters']
  readonly members: CompiledPolicy['members']
  readonly statement: StatementDemand
}

type Key = keyof SignedRequestContent

const KEY_HEADERS = ['jwk', 'jku', 'x5u', 'x5c']

/** What a policy and those it extends demand of signed requests, key by key; null where none speaks of them, or after a fault. */
export function compileSignedRequest(
  resolved: ResolvedPolicy,
  context: SignedRequestContext,
  faults: Fault[],
): CompiledSignedRequest | null {
  const { chain } = resolved
  if (chain.every((file) => file.content.signedRequest === undefined)) return null
  const section = new Section(chain, faults)
  const { create = 'forbidden', update = 'forbidden', ...said } = section.content
  const takesAny = create !== 'forbidden' || update !== 'forbidden'
  if (takesAny) section.demand(['contentTypes', 'algorithms', 'keys'])
  const keys = compileKeys(section, context)
  const bringsChain = keys?.kind === 'chain'
  section.checkAgainst(context, { create, update }, bringsChain)
  if (keys === null) return null
  return {
    mode: { create, update, read: 'forbidden', delete: 'forbidden' },
    contentTypes: said.contentTypes ?? [],
    algorithms: said.algorithms ?? [],
    types: said.types ?? null,
    keyIdRequired: said.keyId === undefined ? !bringsChain : said.keyId === 'required',
    forbiddenHeaders: said.forbiddenHeaders ?? KEY_HEADERS.filter((header) => header !== 'x5c' || !bringsChain),
    keys,
    audience: section.compile(['audience'], said.audience, ['list<string>'], context),
    expiryRequired: said.expiry !== 'optional',
    maxAgeSeconds: said.maxAgeSeconds ?? null,
    maxLifetimeSeconds: said.maxLifetimeSeconds ?? null,
    clockSkewSeconds: said.clockSkewSeconds ?? 60,
  }
}

function compileKeys(section: Section, context: SignedRequestContext): CompiledSignedRequest['keys'] | null {
  const { keys } = section.content
  if (keys === undefined) return null
  if (keys.x5c !== undefined) return { kind: 'chain', trust: keys.x5c.trustedIssuers }
  const uri = section.compile(['keys', 'uri'], keys.uri, OPTIONAL_STRING, context)
  const { hosts } = keys
  if (Array.isArray(hosts)) return uri === null ? null : { kind: 'address', uri, hosts }
  const parameter = typeof hosts === 'string' && hosts !== 'any' ? hosts.slice('parameters.'.length) : null
  if (parameter !== null) section.checkHosts(parameter, context)
  return uri === null ? null : { kind: 'address', uri, hosts: parameter === null ? null : { parameter } }
}

/** The section as inheritance leaves it, and where each key of it stands. */
class Section {
  readonly content: SignedRequestContent
  readonly #chain: readonly PolicyFile[]
  readonly #faults: Fault[]

  constructor(chain: readonly PolicyFile[], faults: Fault[]) {
    this.content = Object.assign({}, ...chain.map((file) => file.content.signedRequest ?? {})) as SignedRequestContent
    this.#chain = chain
    this.#faults = faults
  }

  note(path: readonly [Key, ...string[]], wanted: string, found: string, hint?: string): void {
    const fault = faultAt(this.#sourceOf(path[0]), ['signedRequest', ...path], wanted, found)
    this.#faults.push(hint === undefined ? fault : { ...fault, hint })
  }

  demand(keys: readonly Key[]): void {
    for (const key of keys)
      if (this.content[key] === undefined) this.note([key], `${key}, where a request may be signed`, 'none')
  }

  compile(
    path: readonly [Key, ...string[]],
    value: string | undefined,
    wanted: readonly string[],
    { compiler }: SignedRequestContext,
  ): CompiledExpression | null {
    const sourced = { source: this.#sourceOf(path[0]), path: ['signedRequest', ...path], value }
    const expression = compiler.optional(sourced, wanted)
    const foreign = expression === null ? null : compiler.foreignName(expression, STATEMENT_FACTS)
    if (foreign !== null) this.note(path, `an expression over ${STATEMENT_FACTS.join(', ')} alone`, foreign)
    return expression
  }

  checkHosts(name: string, { parameters }: SignedRequestContext): void {
    const type = parameters.get(name)?.type
    if (type === 'list(string)') return
    const near = type === undefined ? nearestName(name, [...parameters.keys()]) : null
    const found = type === undefined ? `parameters.${name}, which is not declared` : `parameters.${name}, a ${type}`
    const hint = hintAt(near)
    this.note(['keys', 'hosts'], 'a parameter of type list(string)', found, hint)
  }

  checkAgainst(
    { statement, members }: SignedRequestContext,
    modes: Readonly<Record<'create' | 'update', string>>,
    bringsChain: boolean,
  ): void {
    for (const operation of ['create', 'update'] as const) {
      if (bringsChain || modes[operation] === 'forbidden' || statement.mode[operation] !== 'forbidden') continue
      const wanted = 'forbidden, since no statement may say where the keys of the request are'
      this.note([operation], wanted, modes[operation])
    }
    if (bringsChain && this.content.forbiddenHeaders?.includes('x5c') === true)
      this.note(['forbiddenHeaders'], 'headers other than x5c, which brings the chain', 'x5c')
    for (const file of this.#chain)
      for (const claim of Object.keys(file.content.signedRequest?.claims ?? {}))
        if (members.has(claim))
          this.#faults.push(
            faultAt(
              file,
              ['signedRequest', 'claims', claim],
              'a name that is no member: one of the two would be lost',
              claim,
            ),
          )
  }

  #sourceOf(key: Key): PolicyFile {
    const speaking = (found: (content: SignedRequestContent) => boolean): PolicyFile | undefined =>
      this.#chain.findLast(({ content: { signedRequest } }) => signedRequest !== undefined && found(signedRequest))
    const source = speaking((content) => content[key] !== undefined) ?? speaking(() => true)
    if (source === undefined) throw new Error('nobody speaks of signed requests')
    return source
  }
}
