import type { JsonLimits } from '../json/parse-strict-json.ts'
import type { Arrival } from '../model/arrival.ts'
import { carriesMetadata } from '../model/operation.ts'
import { Refusal, refuse } from '../model/refusal.ts'
import type { RegistrationRequest, Route } from '../model/registration-request.ts'
import { checkJsonContent, parseFraming } from './check-content.ts'
import { parseManagementToken } from './parse-management-token.ts'
import { parseMetadata } from './parse-metadata.ts'
import { createPassing } from './pass-headers.ts'
import { readBody } from './read-body.ts'
import { checkSingletons, RequestHeaders } from './request-headers.ts'
import { splitStatement } from './split-statement.ts'

export interface ReadingOptions {
  readonly bodyLimitBytes: number
  readonly bodyTimeoutMs: number
  readonly statementLimitBytes: number
  readonly jsonLimits: JsonLimits
  /** Request headers let through to the identity server, by name. */
  readonly passHeaders: readonly string[]
}

/** What of an arrival the reading needs. */
export type Message = Pick<Arrival, 'rawHeaders' | 'body'>

/**
 * Builds the stage that reads what is asked: headers first, and the body only when they are in order.
 *
 * @throws Refusal `request-malformed`, `management-token-...`, `content-...`, `body-...`, `json-...`, `statement-malformed`
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
      ? await readMetadata(message.body, headers, options)
      : await readNothing(message.body, headers, options)
    return { ...route, managementToken, passedHeaders, ...content }
  }
}

type Content = Pick<RegistrationRequest, 'metadata' | 'softwareStatement' | 'bodyBytes'>

async function readMetadata(body: Message['body'], headers: RequestHeaders, options: ReadingOptions): Promise<Content> {
  const { announcedBytes } = parseFraming(headers)
  checkJsonContent(headers)
  const limits = { limitBytes: options.bodyLimitBytes, timeoutMs: options.bodyTimeoutMs, announcedBytes }
  const bytes = await readBody(body, limits)
  const parsed = parseMetadata(bytes, options.jsonLimits)
  return { ...splitStatement(parsed, options.statementLimitBytes), bodyBytes: bytes.length }
}

/** Read to its (immediate) end all the same: an unexpected body must not become the start of the next request on the connection. */
async function readNothing(body: Message['body'], headers: RequestHeaders, options: ReadingOptions): Promise<Content> {
  const { announcedBytes } = parseFraming(headers)
  try {
    await readBody(body, { limitBytes: 0, timeoutMs: options.bodyTimeoutMs, announcedBytes })
  } catch (failure) {
    throw failure instanceof Refusal && failure.findings[0].reason === 'body-too-large' ? unexpectedBody() : failure
  }
  return { metadata: {}, softwareStatement: null, bodyBytes: 0 }
}

function unexpectedBody(): Refusal {
  return refuse({ reason: 'body-unexpected', at: 'body', message: 'the request has a body, but its method takes none' })
}
