import { createHash } from 'node:crypto'
import { fateOf } from '../model/answer.ts'
import type { JsonObject } from '../model/json.ts'
import { soleEndpoint, type Exchange } from '../model/stages.ts'
import { reasonEntry } from '../model/reasons.ts'
import type { Finding } from '../model/refusal.ts'
import { writeDistinguishedName } from '../distinguished-name/write-distinguished-name.ts'

/**
 * Everything an auditor needs to follow one decision; only what is listed here is ever written: no token, statement, secret or body.
 * `facts` are what the policy was asked, for `dcr-gateway replay`; the policy has taken the secrets out.
 */
export function buildAuditRecord(
  exchange: Exchange,
  facts: JsonObject | null = null,
): Readonly<Record<string, unknown>> {
  const { arrival, endpoints = [], route, refusal, answer, approved, timings } = exchange
  const endpoint = soleEndpoint(exchange)
  return {
    event: 'decision',
    decisionId: arrival.decisionId,
    receivedAt: arrival.receivedAt.toISOString(),
    decision: decisionOf(exchange),
    method: arrival.method,
    operation: route?.operation ?? null,
    status: answer.status,
    // Not of the body, which has the form of the regime.
    error: refusal === undefined ? null : errorOf(refusal.findings[0]),
    reason: refusal?.findings[0].reason ?? null,
    findings: refusal?.findings.map(writeFinding) ?? [],
    reported: approved?.reported.map(writeFinding) ?? [],
    usedOnce: usedOnce(exchange),
    endpoint: endpoint?.name ?? null,
    // Where it did not become plain which of several at one path would have taken the request.
    candidates: endpoint === null ? endpoints.map(({ name }) => name) : [],
    policy: endpoint?.policy ?? null,
    clientId: route?.location?.clientId ?? answeredClientId(exchange),
    connection: {
      address: arrival.peer.address,
      tls: arrival.peer.tlsVersion,
      // Of a refused certificate, too: what support staff ask for first. Presented is not verified.
      presentedThumbprint: thumbprintOf(arrival.peer.presented[0]),
    },
    certificate: writeCertificate(exchange),
    statement: writeStatement(exchange),
    lookups: exchange.lookups?.outcomes ?? null,
    signature: writeSignature(exchange),
    metadataMembers:
      exchange.request === undefined
        ? null
        : Object.keys((exchange.verified ?? exchange.request).metadata)
            .slice(0, 100)
            .map((name) => name.slice(0, 64)),
    contentType: exchange.request?.contentType.slice(0, 100) ?? null,
    bodyBytes: exchange.request?.bodyBytes ?? null,
    upstream: writeUpstream(exchange),
    timings,
    // Null where no policy was asked.
    approved: exchange.lookups === undefined ? null : approved !== undefined,
    facts,
  }
}

/** `failed` is neither: something that is not the registrant's fault kept the gateway from deciding or from carrying it out. */
function decisionOf({ refusal, reply, answer }: Exchange): 'granted' | 'refused' | 'failed' {
  if (refusal === undefined) return 'granted'
  return reply?.kind === 'silence' || answer.status >= 500 ? 'failed' : 'refused'
}

function errorOf({ reason, error }: Finding): string {
  return error ?? reasonEntry(reason).error
}

/** Ids of what the identity server used up, or may have; the keys may hold anything and stay in the registry, hashed. */
function usedOnce({ approved, reply }: Exchange): readonly string[] {
  return reply !== undefined && fateOf(reply) !== 'idle' ? (approved?.once.map(({ id }) => id) ?? []) : []
}

function writeFinding(finding: Finding): Readonly<Record<string, unknown>> {
  const { reason, rule, clause, at, message, wanted, found, detail } = finding
  return {
    reason,
    rule: rule ?? reason,
    clause,
    at: cut(at),
    message: cut(message),
    wanted: cut(wanted),
    found: cut(found),
    detail: cut(detail),
  }
}

const TEXT_LIMIT_CHARACTERS = 500

/** Whatever a stage wrote, one record stays small: nobody may fill the disk by being refused. */
function cut(text: string | undefined): string | undefined {
  return text === undefined || text.length <= TEXT_LIMIT_CHARACTERS ? text : `${text.slice(0, TEXT_LIMIT_CHARACTERS)}…`
}

/** What the identity server gave: a regime's answer may have no body. */
function answeredClientId({ answer, reply, refusal }: Exchange): string | null {
  const said = refusal === undefined && reply?.kind === 'answer' ? reply.body : null
  const clientId = answer.body?.['client_id'] ?? said?.['client_id']
  return typeof clientId === 'string' ? clientId : null
}

function thumbprintOf(leaf: Buffer | undefined): string | null {
  return leaf === undefined ? null : createHash('sha256').update(leaf).digest('base64url')
}

function writeCertificate({ client }: Exchange): Readonly<Record<string, unknown>> | null {
  if (client === undefined || client === null) return null
  const { subject, issuer, serialNumber, thumbprint, notAfter } = client.certificate
  return {
    subject: writeDistinguishedName(subject),
    issuer: writeDistinguishedName(issuer),
    serialNumber,
    thumbprint,
    notAfter: notAfter.toISOString(),
    trust: client.trust,
    revocation: client.revocation,
  }
}

function writeStatement({ statement }: Exchange): Readonly<Record<string, unknown>> | null {
  if (statement === undefined || statement === null) return null
  const { directory, issuer, keyId, algorithm, issuedAt, sha256, claims } = statement
  return {
    directory,
    issuer,
    keyId,
    algorithm,
    issuedAt: issuedAt?.toISOString() ?? null,
    sha256,
    softwareId: claims['software_id'] ?? null,
    organisationId: claims['org_id'] ?? null,
  }
}

/** Null for a request that nobody signed, or whose signature was not verified. */
function writeSignature({ verified }: Exchange): Readonly<Record<string, unknown>> | null {
  const signature = verified?.signature ?? null
  if (signature === null) return null
  const { algorithm, keyId, type, keysUri, certificate, claims } = signature
  const { jti } = claims
  return {
    ...{ algorithm, keyId: cut(keyId ?? undefined) ?? null, type: cut(type ?? undefined) ?? null },
    keysUri: cut(keysUri ?? undefined) ?? null,
    certificateThumbprint: certificate?.thumbprint ?? null,
    // Enough to find the request again by its id, which may be long, or tell more than it should.
    jtiSha256: typeof jti === 'string' ? createHash('sha256').update(jti).digest('base64url') : null,
  }
}

function writeUpstream({ reply }: Exchange): Readonly<Record<string, unknown>> | null {
  if (reply === undefined) return null
  return reply.kind === 'answer' ? { status: reply.status } : { status: null, sent: reply.sent }
}
