import { readFileSync, writeFileSync } from 'node:fs'
import { DOCUMENTED_LISTS, insertList } from './documented-lists.ts'
import { trustJsonSchema } from '../../src/certificate/trust/trust-json-schema.ts'
import { policyJsonSchema } from '../../src/policy/schema/policy-json-schema.ts'
import { settingsJsonSchema } from '../../src/settings/settings-schema-json.ts'

// `npm run docs`: writes the lists that documents share with the code, and the JSON Schemas; tests hold both equal.
for (const { document, marker, write } of DOCUMENTED_LISTS) {
  writeFileSync(document, insertList(readFileSync(document, 'utf8'), marker, write()))
}
writeFileSync('policies/policy.schema.json', `${JSON.stringify(policyJsonSchema(), null, 2)}\n`)
writeFileSync('src/settings/gateway.schema.json', `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`)
writeFileSync('certs/trust.schema.json', `${JSON.stringify(trustJsonSchema(), null, 2)}\n`)
