import { SOFTWARE } from '../support/laboratory.ts'
import {
  brazilianSubject,
  mintAuthority,
  mintClientCertificate,
  type KeyType,
  type MintedCertificate,
} from '../support/mint-certificates.ts'

export interface MintedClient {
  readonly root: MintedCertificate
  readonly issuing: MintedCertificate
  readonly client: MintedCertificate
}

/** A client as directories make them, but for addresses of CRLs: what the folder holds is all there is to ask. */
export async function mintClient(keyType: KeyType): Promise<MintedClient> {
  const root = await mintAuthority({ keyType })
  const issuing = await mintAuthority({
    keyType,
    issuer: root,
    pathLength: 0,
  })
  const client = await mintClientCertificate(issuing, {
    keyType,
    subject: brazilianSubject(SOFTWARE),
    subjectAltNames: { dns: ['mtls.ipe.example.com.br'] },
    policies: ['1.3.6.1.4.1.99999.1'],
  })
  return { root, issuing, client }
}
