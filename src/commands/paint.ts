import { styleText } from 'node:util'

/** Lays a colour on a text, or leaves it as it is. */
export type Paint = (style: 'bold' | 'green' | 'red' | 'yellow' | 'gray', text: string) => string

/** Colours for a terminal; none for files, pipes and those who asked for none (NO_COLOR). */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const asked = stream.isTTY && (process.env['NO_COLOR'] ?? '') === ''
  return asked ? (style, text) => styleText(style, text) : (_, text) => text
}
