import { describe, expect, it } from 'vitest'
import { readAnswerFile, writeAnswerFile } from '../../../../src/certificate/revocation/store/answer-file.ts'
import type { StoredAnswer } from '../../../../src/certificate/revocation/store/answer-folder.ts'
import { OCSP_URL, START } from './revocation-fixture.ts'

const STORED: StoredAnswer = {
  ...{ source: 'ocsp', key: 'issuer 0a', url: OCSP_URL, acceptedAt: START },
  nonce: Buffer.from('00ff', 'hex'),
  der: Buffer.from('signed\nbytes'),
}

describe('a file of an answer', () => {
  it('reads as it was written, nonce included', () => {
    expect(readAnswerFile(writeAnswerFile(STORED))).toEqual(STORED)
    expect(readAnswerFile(writeAnswerFile({ ...STORED, nonce: null }))).toEqual({ ...STORED, nonce: null })
  })

  it('is not read when it is cut off anywhere, extended, or changed anywhere but in what is signed elsewhere', () => {
    const whole = writeAnswerFile(STORED)
    for (let length = 0; length < whole.length; length += 1)
      expect(readAnswerFile(whole.subarray(0, length))).toBeNull()
    expect(readAnswerFile(Buffer.concat([whole, Buffer.from(' ')]))).toBeNull()
    for (let index = 0; index < whole.length; index += 1) {
      const changed = Buffer.from(whole)
      changed[index] = (whole[index] ?? 0) ^ 0x01
      const read = readAnswerFile(changed)
      // A changed key, address, time or nonce is found by the name of the file, by the signer's dates, or by the answer itself.
      if (read !== null) expect(read.der).toEqual(STORED.der)
    }
  })
})
