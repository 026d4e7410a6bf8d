/** Why a file or folder could not be read, in words that follow "found": people know files, not the codes of system calls. */
export function describeMissing(failure: unknown, path: string): string {
  const { code } = failure as NodeJS.ErrnoException
  if (code === 'ENOENT') return `nothing at ${path}`
  if (code === 'ENOTDIR') return `a file where a folder should be, at or above ${path}`
  if (code === 'EISDIR') return `a folder at ${path}`
  if (code === 'EACCES' || code === 'EPERM') return `no permission to read ${path}`
  return `${code ?? 'an error'} at ${path}`
}
