/** Extensions of RFC 5280 section 4.2, and of RFC 3739, that are known by name. */
export const EXTENSION = {
  qcStatements: '1.3.6.1.5.5.7.1.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const

/** Key purposes of RFC 5280 section 4.2.1.12. */
export const PURPOSE = { clientAuth: '1.3.6.1.5.5.7.3.2' } as const

/** Every policy there is (RFC 5280 section 4.2.1.4). */
export const ANY_POLICY = '2.5.29.32.0'
