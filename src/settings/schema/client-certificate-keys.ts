import type { WholeRule } from './check-whole.ts'
import { path } from './values.ts'

/** The keys under which a section says what the gateway presents to whom it connects to. */
export function clientCertificateKeys(to: string) {
  return {
    clientCertificateFile: path.optional().describe(`PEM file with the certificate the gateway presents to ${to}.`),
    clientPrivateKeyFile: path.optional().describe('PEM file with the private key of that certificate, unencrypted.'),
  }
}

/** A certificate without its key, or a key alone, would silently not be presented. */
export function wholePair(certificateFile: string, privateKeyFile: string): WholeRule {
  const pair = [certificateFile, privateKeyFile]
  return (section, report) => {
    const missing = pair.filter((key) => section[key] === undefined)
    if (missing.length === 1) for (const key of missing) report([key], `${pair.join(' and ')}, or neither`)
  }
}

export const wholeClientCertificate = wholePair('clientCertificateFile', 'clientPrivateKeyFile')
