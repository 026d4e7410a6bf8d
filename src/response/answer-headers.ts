/** Headers of every answer: credentials and refusals alike must not be kept by anybody on the way (RFC 7591 section 3.2.1). */
export function answerHeaders(decisionId: string): Record<string, string> {
  return { 'cache-control': 'no-store', pragma: 'no-cache', 'decision-id': decisionId }
}
