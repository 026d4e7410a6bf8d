import type { Fault } from '../../model/fault.ts'
import type { StatementDemand, StatementMode } from '../../model/policy.ts'
import { compileCertificateDemand } from './compile-certificate-demand.ts'
import { compileCertificateClasses, classNames } from './compile-certificate-classes.ts'
import { compileClient } from './compile-client.ts'
import { compileNames, type KnownNames } from './compile-names.ts'
import { compileDirectories } from './compile-directories.ts'
import { compileErrorAnswer } from './compile-error-answer.ts'
import { compileOnce } from './compile-once.ts'
import { compileLookups } from './compile-lookups.ts'
import { noteIdleRules } from './note-idle-rules.ts'
import { compileReasons } from './compile-reasons.ts'
import { compileResponse } from './compile-response.ts'
import { compileEffect, compileHeaders, compileRule, compileScopes } from './compile-rules.ts'
import { compileSignedRequest } from './compile-signed-request.ts'
import type { CompiledPolicy } from '../compiled-policy.ts'
import { faultAt, lastOf, type ResolvedPolicy } from './resolve-inheritance.ts'

/** Declares, type-checks and compiles everything a resolved policy says; null after any fault. */
export function compilePolicy(
  resolved: ResolvedPolicy,
  knownNames: KnownNames,
  faults: Fault[],
): CompiledPolicy | null {
  const before = faults.length
  const { chain, own } = resolved
  const names = compileNames(resolved, knownNames, faults)
  const { compiler, certificateCompiler, lookupCompiler } = names
  const { members, claims, parameters, declarations, requestClaims, variables, steadyVariables } = names.declared
  const statement = statementDemand(resolved, faults)
  const policy: Omit<CompiledPolicy, 'lookups' | 'variablesNamed'> = {
    name: own.content.name,
    version: own.content.version,
    title: own.content.title,
    sha256: resolved.sha256,
    certificate: compileCertificateDemand(resolved, faults),
    certificateClasses: compileCertificateClasses(resolved, certificateCompiler, faults),
    statement,
    signedRequest: compileSignedRequest(resolved, { compiler, parameters, members, statement }, faults),
    requestClaims,
    directories: compileDirectories(chain, claims, faults),
    reasons: compileReasons(chain),
    declarations,
    members,
    refusesUnknownMembers: lastOf(chain, 'unknownMembers')?.value === 'refuse',
    claims,
    parameters,
    variables,
    steadyVariables,
    effects: resolved.effects.map((effect) => compileEffect(effect, compiler, members, faults)),
    scopes: compileScopes(resolved, compiler, members, faults),
    rules: resolved.rules.flatMap((rule) => compileRule(rule, compiler, classNames(resolved), faults) ?? []),
    headers: compileHeaders(resolved, compiler),
    client: compileClient(chain, names, faults),
    once: resolved.once.flatMap((entry) => compileOnce(entry, compiler, faults) ?? []),
    response: compileResponse(resolved, compiler, faults),
    errorAnswer: compileErrorAnswer(resolved, faults),
  }
  // Last, when it is known which of them anything names.
  const named = compileLookups(resolved, lookupCompiler, names.known, compiler.lookupsNamed, { faults, before })
  const compiled = { ...policy, lookups: named, variablesNamed: compiler.variablesNamed }
  noteIdleRules(resolved, compiled, faults)
  return faults.length === before ? compiled : null
}

function statementDemand(resolved: ResolvedPolicy, faults: Fault[]): StatementDemand {
  const parts = resolved.chain.map((file) => file.content.softwareStatement ?? {})
  const {
    create = 'forbidden',
    update = 'forbidden',
    algorithms = [],
    maxAgeSeconds = null,
    clockSkewSeconds = 60,
  } = Object.assign({}, ...parts) as {
    create?: StatementMode
    update?: StatementMode
    algorithms?: readonly string[]
    maxAgeSeconds?: number
    clockSkewSeconds?: number
  }
  if (algorithms.length === 0 && (create !== 'forbidden' || update !== 'forbidden')) {
    faults.push(faultAt(resolved.own, ['softwareStatement'], 'algorithms, where a statement may be sent', 'none'))
  }
  return {
    mode: { create, update, read: 'forbidden', delete: 'forbidden' },
    algorithms,
    maxAgeSeconds,
    clockSkewSeconds,
  }
}
