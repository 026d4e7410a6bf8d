import { z } from 'zod'

/** The forms of values that several sections share; each says in its own words what it wants. */
export const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a name of lower-case letters, digits and hyphens')

export const path = z.string().regex(/^[^\0]{1,4096}$/, 'a path')

export const host = z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'a host name or an IP address')

export const port = z.int().min(0).max(65_535)

export const milliseconds = z.int().min(1).max(3_600_000)

export const bytes = z.int().min(1).max(16_777_216)

export const count = z.int().min(1).max(1_000_000)

export const httpsUrl = z
  .string()
  .refine((text) => isPlainUrl(text, ['https:']), 'an https URL without credentials or fragment')

/** A URL of which nothing is kept from view or lost on the way to the other side. */
export function isPlainUrl(text: string, protocols: readonly string[]): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return (
    url !== null && protocols.includes(url.protocol) && url.username === '' && url.password === '' && url.hash === ''
  )
}
