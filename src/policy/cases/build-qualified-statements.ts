import {
  PSD2_ROLES,
  QUALIFIED_TYPES,
  STATEMENT,
  nameOfOid,
  type Psd2Role,
  type Psd2Statement,
  type QualifiedStatements,
} from '../../model/qualified-statements.ts'
import type { CaseStatements } from './cases-file-schema.ts'

/** Statements of a case, completed with what makes them ordinary ones; their OIDs are those of a certificate that states as much. */
export function buildQualifiedStatements(data: CaseStatements): QualifiedStatements {
  const { compliance = false, sscd = false, types = [], countries = [], statements = [] } = data
  const psd2 = data.psd2 ?? null
  const oids = [
    ...(compliance ? [STATEMENT.compliance] : []),
    ...(sscd ? [STATEMENT.sscd] : []),
    ...(types.length > 0 ? [STATEMENT.types] : []),
    ...(countries.length > 0 ? [STATEMENT.countries] : []),
    ...(psd2 === null ? [] : [STATEMENT.psd2]),
    ...statements,
  ]
  return {
    statements: oids,
    compliance,
    sscd,
    types: types.map((type) => nameOfOid(type, QUALIFIED_TYPES)),
    countries,
    psd2: psd2 === null ? null : psd2Of(psd2),
  }
}

function psd2Of(data: NonNullable<CaseStatements['psd2']>): Psd2Statement {
  const { roles = [], writtenRoles = [], ncaName = 'National Competent Authority', ncaId = 'XX-NCA' } = data
  return {
    roles: roles.map((role, index) => roleOf(role, writtenRoles[index])),
    ncaName,
    ncaId,
  }
}

/** A role is given by its name or by its OID. */
function roleOf(role: string, writtenName: string | undefined): Psd2Role {
  const oids: Readonly<Record<string, string>> = PSD2_ROLES
  const oid = oids[role] ?? role
  const name = nameOfOid(oid, PSD2_ROLES)
  return { oid, name, writtenName: writtenName ?? name }
}
