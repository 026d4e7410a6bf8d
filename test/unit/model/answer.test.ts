import { describe, expect, it } from 'vitest'
import { fateOf, type UpstreamReply } from '../../../src/model/answer.ts'

const answer = (status: number): UpstreamReply => ({ kind: 'answer', status, body: null })
const silence = (sent: boolean): UpstreamReply => ({
  ...{ kind: 'silence', sent },
  finding: { reason: 'upstream-timeout', at: 'identity server', message: 'm' },
})

describe('whether the identity server did what it was asked to', () => {
  it.each<[string, UpstreamReply[], ReturnType<typeof fateOf>]>([
    ['is certain where it says so', [200, 201, 204].map(answer), 'acted'],
    ['is certain where it refuses, or is busy', [400, 401, 403, 404, 405, 409, 429, 501, 503].map(answer), 'idle'],
    ['is certain where it was never asked', [silence(false)], 'idle'],
    ['is unknown where it fails, or a proxy before it', [500, 502, 504].map(answer), 'unknown'],
    ['is unknown where it was asked and says nothing', [silence(true)], 'unknown'],
  ])('%s', (_, replies, fate) => {
    expect(replies.map(fateOf)).toEqual(replies.map(() => fate))
  })
})
