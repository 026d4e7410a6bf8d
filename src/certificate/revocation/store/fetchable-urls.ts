const URL_LIMIT_CHARACTERS = 2048

/**
 * The first few addresses that could be fetched at all, normalised, so that nothing unescaped of a certificate is logged or written to
 * disk. Which hosts may be asked is decided where they are connected to.
 */
export function fetchableUrls(named: readonly string[], limit: number): readonly string[] {
  const urls = new Set<string>()
  for (const text of named.slice(0, 4 * limit)) {
    const url = text.length <= URL_LIMIT_CHARACTERS ? URL.parse(text) : null
    if (url === null || !['http:', 'https:'].includes(url.protocol)) continue
    url.hash = ''
    if (url.href.length <= URL_LIMIT_CHARACTERS) urls.add(url.href)
  }
  return [...urls].slice(0, limit)
}
