import { z } from 'zod'
import { algorithms } from './algorithms.ts'
import { statementMode } from './statement-schema.ts'
import { expression, line, memberName, memberType, name } from './values.ts'

const mediaType = z
  .string()
  .regex(/^application\/(?!json$)[a-z0-9][a-z0-9.+-]{0,63}$/, 'a media type such as application/jose, in lower case')
const hostPattern = z
  .string()
  .max(253)
  .regex(/^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'a host name in lower case, or *. and a domain')
const hosts = z.union(
  [
    z.literal('any'),
    z.array(hostPattern).min(1).max(100),
    z.string().regex(/^parameters\.[A-Za-z_][A-Za-z0-9_]{0,63}$/),
  ],
  { error: 'a list of host names, parameters. and the name of one that is such a list, or any' },
)

const keySource = z
  .strictObject({
    uri: expression.optional().describe('address of the keys, from the verified statement alone'),
    hosts: hosts.optional().describe('hosts the address may be at: a list, a parameter that is one, or any'),
    x5c: z
      .strictObject({ trustedIssuers: name.describe('a key of trust in gateway.yaml') })
      .optional()
      .describe('requests carry the chain of their signer'),
  })
  .superRefine(({ uri, hosts: allowed, x5c }, context) => {
    const report = (path: string[], message: string, found: string): void =>
      context.addIssue({ code: 'custom', path, message, params: { found } })
    if ((uri === undefined) === (x5c === undefined))
      report([], 'one source of keys: uri with hosts, or x5c', uri === undefined ? 'none' : 'both')
    // Without it a directory, or whoever can write into it, could send the gateway anywhere (SSRF).
    if (uri !== undefined && allowed === undefined) report(['hosts'], 'the hosts that keys may come from', 'none')
    if (x5c !== undefined && allowed !== undefined) report(['hosts'], 'no hosts, since nothing is fetched', 'some')
  })

const seconds = (most: number) => z.int().min(1).max(most)

export const signedRequest = z
  .strictObject({
    create: statementMode.optional(),
    update: statementMode.optional(),
    contentTypes: z.array(mediaType).min(1).max(10).optional().describe('media types that signed requests come under'),
    algorithms: algorithms.optional().describe('JWS algorithms a request may be signed with'),
    types: z.array(line).min(1).optional().describe('accepted values of typ; any or none when left out'),
    keyId: z
      .enum(['required', 'optional'])
      .optional()
      .describe('whether kid must be there; required when left out, but with x5c'),
    forbiddenHeaders: z
      .array(line)
      .optional()
      .describe('header members that must not be there; jwk, jku, x5u and (but with keys.x5c) x5c when left out'),
    keys: keySource.optional().describe('where the keys of the registrant come from'),
    audience: expression.optional().describe('list of names of which aud must be one; not looked at when left out'),
    expiry: z.enum(['required', 'optional']).optional().describe('whether exp must be there; required when left out'),
    maxAgeSeconds: seconds(31_536_000).optional().describe('oldest acceptable iat'),
    maxLifetimeSeconds: seconds(31_536_000).optional().describe('longest time from iat to exp'),
    clockSkewSeconds: z.int().min(0).max(300).optional().describe('how far iat and nbf may lie in the future'),
    claims: z
      .record(memberName, memberType)
      .optional()
      .describe(
        'members of the payload that are no metadata, with their types; besides iss, sub, aud, exp, nbf, iat and jti',
      ),
  })
  .describe(
    'what is demanded of requests that are signed themselves (one compact JWS); keys left out are those of the extended policy',
  )

export type SignedRequestContent = z.infer<typeof signedRequest>
