import type { Arrival } from '../model/arrival.ts'
import type { VerifiedClient } from '../model/client.ts'
import { carriesMetadata } from '../model/operation.ts'
import type { Route } from '../model/registration-request.ts'
import type { Approach, Candidates, Place, Stages } from '../model/stages.ts'
import { chooseByStatement, type ReadIssuer } from './choose-by-statement.ts'
import { narrowByHead } from './narrow-by-head.ts'
import { recogniseCertificate } from './recognise-certificate.ts'
import { shareReasons } from './share-reasons.ts'

/** How the parts of a request that tell endpoints apart are read. */
export interface PlaceOptions {
  readonly route: (arrival: Arrival) => Route
  /** Of the head, in lower case and without parameters. @throws Refusal `request-malformed` */
  readonly contentTypeOf: (arrival: Arrival) => string | null
  readonly readIssuer: ReadIssuer
  /** With all owners that the policies in question see in the certificate. @throws Refusal */
  readonly limitClient: (client: VerifiedClient, ownersOf: () => readonly string[]) => Promise<void>
}

/**
 * The choice among the endpoints of one host and path. At each step those that cannot take the request are left out; that no request is
 * taken by two is seen to when the gateway is loaded.
 */
export function createPlace(endpoints: readonly Stages[], options: PlaceOptions): Place {
  return {
    ...inTheirName(endpoints),
    route: options.route,
    narrow: async (arrival, { operation }) => {
      const contentType = carriesMetadata(operation) ? options.contentTypeOf(arrival) : null
      const offered = narrowByHead(endpoints, { operation, contentType })
      const known = await recogniseCertificate(offered, arrival.peer, arrival.receivedAt)
      return createApproach(known, options)
    },
  }
}

/**
 * Whether a body is read as signed or as JSON depends on its content type alone, and all that are left take that type for this operation:
 * any of them reads it for the others.
 */
function createApproach(
  endpoints: readonly [Stages, ...Stages[]],
  { readIssuer, limitClient }: Pick<PlaceOptions, 'readIssuer' | 'limitClient'>,
): Approach {
  const [{ identify, read }] = endpoints
  return {
    ...{ ...inTheirName(endpoints), identify, read },
    limitClient: async (client, now) => {
      if (client !== null)
        await limitClient(client, () => endpoints.flatMap(({ ownerOf }) => ownerOf(client, now) ?? []))
    },
    choose: (request) => chooseByStatement(endpoints, request, readIssuer),
  }
}

function inTheirName(endpoints: readonly Stages[]): Candidates {
  const [only, ...others] = endpoints
  if (only !== undefined && others.length === 0) {
    const { reasons, refuse } = only
    return { endpoints: only.endpoints, reasons, refuse }
  }
  return { endpoints: endpoints.map(({ endpoint }) => endpoint), reasons: shareReasons(endpoints), refuse: null }
}
