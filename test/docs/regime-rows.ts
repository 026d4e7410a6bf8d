/** Ids of one group of a regime's demands, as the README of its policy numbers them: `BR-TLS-01`, `EU-CERT-1`. */
function rows(group: string, count: number, digits = 1): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${group}-${String(index + 1).padStart(digits, '0')}`)
}

/** Every demand of each regime. One that is left out of a README would be one that nobody decided about. */
export const REGIME_ROWS: Readonly<Record<string, readonly string[]>> = {
  'open-finance-brasil': [
    ...rows('BR-TLS', 10, 2),
    ...rows('BR-BIND', 6, 2),
    ...rows('BR-SSA', 20, 2),
    ...rows('BR-REQ', 34, 2),
    ...rows('BR-SCP', 8, 2),
    ...rows('BR-DUP', 3, 2),
    ...rows('BR-RSP', 7, 2),
    ...rows('BR-DCM', 21, 2),
  ],
  'psd2-eidas': [
    ...rows('EU-CERT', 7),
    ...rows('EU-ROLE', 3),
    ...rows('EU-ID', 2),
    ...rows('EU-MD', 3),
    ...rows('EU-MGT', 1),
  ],
  'psd2-eidas-sealed': ['EU-MD-2'],
  'uk-open-banking': [
    ...rows('UK-ENV', 10),
    ...rows('UK-SSA', 13),
    ...rows('UK-CERT', 6),
    ...rows('UK-MD', 13),
    ...rows('UK-MGT', 5),
    // The official test tool has no sixth.
    ...rows('DCR', 11, 3).filter((id) => id !== 'DCR-006'),
  ],
  rfc7591: [...rows('R', 13), ...rows('M', 5), ...rows('X', 8)],
}
