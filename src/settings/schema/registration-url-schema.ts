import { z } from 'zod'
import { isPlainUrl } from './values.ts'

/** A registration endpoint of the identity server. */
export const registrationUrlSchema = z
  .string()
  .refine(
    isRegistrationUrl,
    'an http or https URL with a path, without credentials, query, fragment, empty segments or a slash at the end',
  )

export function isRegistrationUrl(text: string): boolean {
  if (!isPlainUrl(text, ['http:', 'https:'])) return false
  const { pathname, search } = new URL(text)
  return search === '' && pathname.slice(1).split('/').every(isPlainSegment)
}

/** No segment that http-proxy writes in another way: it makes one slash of two, and two of the one behind `http:`. */
function isPlainSegment(segment: string): boolean {
  return segment !== '' && !/https?:$/i.test(segment)
}
