/** Extensions of RFC 5280 section 4.2, and of RFC 3739, that are known by name. */
export const EXTENSION = {
  qcStatements: '1.3.6.1.5.5.7.1.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const

/** Key purposes of RFC 5280 section 4.2.1.12. */
export const PURPOSE = { clientAuth: '1.3.6.1.5.5.7.3.2', any: '2.5.29.37.0' } as const
