import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as identifyClient from '../../src/certificate/identify-client.ts'
import type * as parseCertificate from '../../src/certificate/parse/parse-certificate.ts'
import type * as parseCrl from '../../src/certificate/revocation/crl/parse-crl.ts'
import type * as openRevocation from '../../src/certificate/revocation/open-revocation.ts'
import type * as fetchGate from '../../src/certificate/revocation/store/fetch-gate.ts'
import type * as trustSettings from '../../src/certificate/trust/trust-settings-schema.ts'
import type * as trustStore from '../../src/certificate/trust/trust-store.ts'
import type * as refusal from '../../src/model/refusal.ts'
import type * as buildCaseFacts from '../../src/policy/cases/build-case-facts.ts'
import type * as judge from '../../src/policy/judge/judge.ts'
import type * as loadPolicies from '../../src/policy/load-policies.ts'
import { buildGateway } from '../support/build-gateway.ts'

const DIST = resolve(import.meta.dirname, '../../dist')

function load(path: string): Promise<unknown> {
  return import(pathToFileURL(join(DIST, path)).href)
}

buildGateway()

/** What is timed in this process, as it runs in production: tsx, which runs the bench, would wrap every closure in a call. */
export const BUILT = {
  ...((await load('certificate/identify-client.js')) as typeof identifyClient),
  ...((await load('certificate/parse/parse-certificate.js')) as typeof parseCertificate),
  ...((await load('certificate/revocation/crl/parse-crl.js')) as typeof parseCrl),
  ...((await load('certificate/revocation/open-revocation.js')) as typeof openRevocation),
  ...((await load('certificate/revocation/store/fetch-gate.js')) as typeof fetchGate),
  ...((await load('certificate/trust/trust-settings-schema.js')) as typeof trustSettings),
  ...((await load('certificate/trust/trust-store.js')) as typeof trustStore),
  ...((await load('model/refusal.js')) as typeof refusal),
  ...((await load('policy/cases/build-case-facts.js')) as typeof buildCaseFacts),
  ...((await load('policy/judge/judge.js')) as typeof judge),
  ...((await load('policy/load-policies.js')) as typeof loadPolicies),
}
