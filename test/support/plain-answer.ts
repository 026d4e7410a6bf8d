import type { AnswerPlan } from '../../src/model/answer.ts'

/** What a policy plans that says nothing of answers. */
export const PLAIN_ANSWER: AnswerPlan = {
  status: null,
  headers: {},
  removes: [],
  sets: {},
  fills: {},
  echoesStatement: false,
  deletionBody: null,
}
