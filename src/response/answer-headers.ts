/** Headers of every answer, granted or refused; that nobody keeps it is seen to where messages are built (connection/build-message.ts). */
export function answerHeaders(decisionId: string): Record<string, string> {
  return { 'decision-id': decisionId }
}
