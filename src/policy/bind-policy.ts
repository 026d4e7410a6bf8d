import type { PolicyIdentity } from '../model/decision.ts'
import type { JsonObject } from '../model/json.ts'
import type { Policy } from '../model/policy.ts'
import { bindClient } from './bind-client.ts'
import { bindSignedRequest } from './bind-signed-request.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { decide } from './decide.ts'
import { recordFacts } from './replay/record-facts.ts'
import { createErrorForm } from './error-form.ts'
import { lookUp } from './lookup/look-up.ts'
import { parseLookupDocument } from './lookup/parse-lookup-document.ts'

/** The policy of one endpoint: compiled rules with the endpoint's parameter values, as bindParameters() checked them. */
export function bindPolicy(policy: CompiledPolicy, parameters: JsonObject): Policy {
  const { name, version, sha256, certificate, statement, directories, reasons } = policy
  const identity: PolicyIdentity = Object.freeze({ name, version, sha256 })
  return {
    ...{ identity, certificate, statement, directories, reasons },
    client: bindClient(policy, parameters),
    errorForm: policy.errorAnswer === null ? null : createErrorForm(policy.errorAnswer),
    lookups: policy.lookups.map(({ name: lookup, hosts, type }) => ({
      name: lookup,
      hosts,
      parse: (document) => parseLookupDocument(document, type),
    })),
    lookUp: (evidence, now, sources) => lookUp(policy, parameters, evidence, now, sources),
    signedRequest: bindSignedRequest(policy, parameters),
    decide: (evidence, now) => decide(policy, identity, parameters, evidence, now),
    recordFacts: (evidence, extent) => recordFacts(policy, parameters, evidence, extent),
  }
}
