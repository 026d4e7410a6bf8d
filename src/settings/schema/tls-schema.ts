import { z } from 'zod'
import { CIPHER_SUITES } from '../../model/tls-settings.ts'
import { checkWhole, type WholeRule } from './check-whole.ts'
import { secretReference } from './secret-reference.ts'
import { path } from './values.ts'

const section = z.strictObject({
  certificateFile: path
    .optional()
    .describe("PEM file with the gateway's certificate first and its intermediates after it."),
  privateKeyFile: path.optional().describe('PEM file with the private key of that certificate.'),
  privateKeyPassphrase: secretReference.optional().describe('Passphrase of the private key file, if it is encrypted.'),
  pkcs12File: path
    .optional()
    .describe('PKCS#12 bundle with certificate, intermediates and private key, instead of the PEM files.'),
  pkcs12Passphrase: secretReference.optional().describe('Passphrase of the bundle.'),
  minVersion: z
    .enum(['TLSv1.2', 'TLSv1.3'])
    .default('TLSv1.2')
    .describe('Oldest TLS version that registrants may speak.'),
  cipherSuites: z
    .array(z.enum(CIPHER_SUITES))
    .min(1)
    .optional()
    .describe(
      'Cipher suites by their OpenSSL names, the preferred one first; all of these, in this order, when left out.',
    ),
})

const FORMS = 'certificateFile and privateKeyFile, or pkcs12File and pkcs12Passphrase'

/** One identity, whole, in one of two forms. */
const oneIdentity: WholeRule = (tls, report) => {
  const has = (key: string): boolean => tls[key] !== undefined
  const pem = ['certificateFile', 'privateKeyFile', 'privateKeyPassphrase'].some(has)
  const pkcs12 = ['pkcs12File', 'pkcs12Passphrase'].some(has)
  if (pem === pkcs12) report([], FORMS, pem ? 'both' : 'neither')
  const required = pem ? ['certificateFile', 'privateKeyFile'] : ['pkcs12File', 'pkcs12Passphrase']
  if (pem !== pkcs12) for (const key of required) if (!has(key)) report([key], FORMS)
}

export const tlsSchema = checkWhole(section, oneIdentity).meta({
  oneOf: [{ required: ['certificateFile', 'privateKeyFile'] }, { required: ['pkcs12File', 'pkcs12Passphrase'] }],
})
