const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/** `dateTime` of XML Schema with a time zone; null for anything else. */
export function readTime(text: string | null): Date | null {
  if (text === null || !DATE_TIME.test(text)) return null
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? null : time
}
