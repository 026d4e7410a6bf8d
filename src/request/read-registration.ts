import type { JsonLimits } from '../json/parse-strict-json.ts'
import type { Arrival } from '../model/arrival.ts'
import { carriesMetadata } from '../model/operation.ts'
import { Refusal, refuse } from '../model/refusal.ts'
import type { RegistrationRequest, Route } from '../model/registration-request.ts'
import type { SignedRequestDemand } from '../model/policy.ts'
import { checkContentEncoding, parseFraming } from './check-content.ts'
import { parseContentType, type AcceptedContent } from './parse-content-type.ts'
import { parseManagementToken } from './parse-management-token.ts'
import { parseMetadata } from './parse-metadata.ts'
import { createPassing } from './pass-headers.ts'
import { readBody } from './read-body.ts'
import { checkSingletons, RequestHeaders } from './request-headers.ts'
import { parseSignedRequest } from './signed/parse-signed-request.ts'
import { splitStatement } from './split-statement.ts'

export interface ReadingOptions {
  readonly bodyLimitBytes: number
  readonly bodyTimeoutMs: number
  readonly statementLimitBytes: number
  readonly jsonLimits: JsonLimits
  /** Request headers let through to the identity server, by name. */
  readonly passHeaders: readonly string[]
  /** Null where requests are never signed. */
  readonly signedRequest: Pick<SignedRequestDemand, 'mode' | 'contentTypes'> | null
}

/** What of an arrival the reading needs. */
export type Message = Pick<Arrival, 'rawHeaders' | 'body'>

/**
 * Builds the stage that reads what is asked: headers first, and the body only when they are in order.
 *
 * @throws Refusal `request-malformed`, `management-token-...`, `content-...`, `body-...`, `json-...`, `statement-malformed`,
 * `request-unsigned`, `request-signature-...`
 */
export function createReading(
  options: ReadingOptions,
): (message: Message, route: Route) => Promise<RegistrationRequest> {
  const passHeaders = createPassing(options.passHeaders)
  return async (message, route) => {
    const headers = new RequestHeaders(message.rawHeaders)
    checkSingletons(headers)
    const managementToken = parseManagementToken(route.operation, headers)
    const passedHeaders = passHeaders(headers)
    const content = carriesMetadata(route.operation)
      ? await readMetadata(message.body, headers, options, acceptedFor(route, options))
      : await readNothing(message.body, headers, options)
    return { ...route, managementToken, passedHeaders, ...content }
  }
}

function acceptedFor({ operation }: Route, { signedRequest }: ReadingOptions): AcceptedContent {
  if (signedRequest === null) return { mode: 'forbidden', signedTypes: [] }
  return { mode: signedRequest.mode[operation], signedTypes: signedRequest.contentTypes }
}

type Content = Pick<RegistrationRequest, 'contentType' | 'metadata' | 'signed' | 'softwareStatement' | 'bodyBytes'>

async function readMetadata(
  body: Message['body'],
  headers: RequestHeaders,
  options: ReadingOptions,
  accepted: AcceptedContent,
): Promise<Content> {
  const { announcedBytes } = parseFraming(headers)
  const content = parseContentType(headers, accepted)
  checkContentEncoding(headers)
  const limits = { limitBytes: options.bodyLimitBytes, timeoutMs: options.bodyTimeoutMs, announcedBytes }
  const bytes = await readBody(body, limits)
  const facts = { contentType: content.type, bodyBytes: bytes.length }
  if (!content.isSigned) {
    const parsed = parseMetadata(bytes, options.jsonLimits)
    return { ...splitStatement(parsed, options.statementLimitBytes), signed: null, ...facts }
  }
  const signed = parseSignedRequest(bytes, options.jsonLimits)
  // Before the signature holds the payload serves to find the statement, by which the keys are found, and for nothing else.
  const { softwareStatement } = splitStatement(signed.claims, options.statementLimitBytes)
  return { metadata: {}, signed, softwareStatement, ...facts }
}

/** Read to its (immediate) end all the same: an unexpected body must not become the start of the next request on the connection. */
async function readNothing(body: Message['body'], headers: RequestHeaders, options: ReadingOptions): Promise<Content> {
  const { announcedBytes } = parseFraming(headers)
  try {
    await readBody(body, { limitBytes: 0, timeoutMs: options.bodyTimeoutMs, announcedBytes })
  } catch (failure) {
    throw failure instanceof Refusal && failure.findings[0].reason === 'body-too-large' ? unexpectedBody() : failure
  }
  return { contentType: '', metadata: {}, signed: null, softwareStatement: null, bodyBytes: 0 }
}

function unexpectedBody(): Refusal {
  return refuse({ reason: 'body-unexpected', at: 'body', message: 'the request has a body, but its method takes none' })
}
