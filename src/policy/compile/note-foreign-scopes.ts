import { foreignWord } from '../analyse/find-foreign-words.ts'
import type { Meaning } from '../analyse/meaning.ts'
import type { KeyPath } from '../../document/key-path.ts'
import type { Fault } from '../../model/fault.ts'
import type { MemberType } from '../member-type.ts'
import type { PolicyFileContent } from '../schema/policy-file-schema.ts'
import { admits, type Vocabulary } from '../vocabulary.ts'
import type { Sourced } from './policy-file.ts'
import { faultAt } from './resolve-inheritance.ts'

type Scopes = NonNullable<PolicyFileContent['scopes']>

/** Notes roles that `grantedBy` never gives, and scopes that the member `scope` never holds. */
export function noteForeignScopes(
  { source, path, value }: Sourced<Scopes>,
  scope: MemberType | undefined,
  grantedBy: Meaning | undefined,
  faults: Fault[],
): void {
  const note = (vocabulary: Vocabulary | null, word: string, place: KeyPath): void => {
    if (vocabulary === null || admits(vocabulary, word)) return
    const { wanted, found, hint } = foreignWord(vocabulary, word, 0)
    faults.push({ ...faultAt(source, [...path, ...place], wanted, found), ...(hint === undefined ? {} : { hint }) })
  }
  const scopes = scope?.kind === 'words' ? scope.vocabulary : null
  const noteScopes = (words: readonly string[], place: KeyPath): void => {
    for (const [index, word] of words.entries()) note(scopes, word, [...place, index])
  }
  noteScopes(value.always ?? [], ['always'])
  const roles = vocabularyOf(grantedBy)
  for (const [role, granted] of Object.entries(value.roles)) {
    note(roles, role, ['roles', role])
    noteScopes(granted, ['roles', role])
  }
}

function vocabularyOf(grantedBy: Meaning | undefined): Vocabulary | null {
  const role = grantedBy?.kind === 'list' ? grantedBy.of : undefined
  return role?.kind === 'text' && !role.open ? role.vocabulary : null
}
