import { generateKeyPairSync, type X509Certificate } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type TLSSocket } from 'node:tls'
import forge from 'node-forge'
import { Secret } from '../model/secret.ts'
import { buildTlsOptions } from './tls-options.ts'

/** A chain made for the one question whether this Node hands over what a client presents; it is trusted by nobody. */
interface SampleChain {
  readonly root: string
  readonly issuing: string
  readonly leaf: string
  readonly privateKey: string
}

const TIME_LIMIT_MS = 10_000
const PRESENTED = 2

/**
 * Some versions of Node lose what the client presented besides its own certificate whenever OpenSSL finds a path (24.21.0 does,
 * nodejs/node#65579), and the gateway would then refuse clients or know less than they showed. Asked by a real handshake with this very
 * process over loopback, not by version numbers.
 *
 * @returns how many of the two presented certificates were lost; 0 when all is well
 */
export async function findChainLoss(): Promise<number> {
  const chain = makeSampleChain()
  const server = createServer(
    buildTlsOptions(
      {
        identity: { kind: 'pem', certificate: chain.leaf, privateKey: new Secret(chain.privateKey), passphrase: null },
        minVersion: 'TLSv1.2',
        cipherSuites: null,
      },
      { anchors: [derOf(chain.root)], intermediates: [] },
    ),
  )
  try {
    return PRESENTED - (await countPresented(server, chain))
  } finally {
    server.close()
  }
}

async function countPresented(server: Server, { leaf, issuing, privateKey }: SampleChain): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const arrived = new Promise<TLSSocket>((resolve, reject) => {
    server.once('secureConnection', resolve).once('tlsClientError', reject)
    AbortSignal.timeout(TIME_LIMIT_MS).onabort = () => reject(new Error('no handshake with this very process'))
  })
  const { port } = server.address() as AddressInfo
  const client = connect({
    ...{ host: '127.0.0.1', port, cert: leaf + issuing, key: privateKey },
    rejectUnauthorized: false, // nothing is sent, and the server is ourselves
  }).on('error', () => undefined)
  try {
    return presentedTo(await arrived)
  } finally {
    client.destroy()
  }
}

function presentedTo(socket: TLSSocket): number {
  let count = 0
  let certificate: X509Certificate | undefined = socket.getPeerX509Certificate()
  for (; certificate !== undefined; certificate = certificate.issuerCertificate) count += 1
  socket.destroy()
  return count
}

/** RSA, since the library makes no other certificates; one key for all, since nothing is proven by them. */
function makeSampleChain(): SampleChain {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const key = forge.pki.privateKeyFromPem(pem)
  const make = (subject: string, issuer: string, ca: boolean): string => {
    const certificate = forge.pki.createCertificate()
    certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e)
    certificate.serialNumber = '01'
    certificate.validity.notBefore = new Date(Date.now() - 60_000)
    certificate.validity.notAfter = new Date(Date.now() + 3_600_000)
    certificate.setSubject([{ name: 'commonName', value: subject }])
    certificate.setIssuer([{ name: 'commonName', value: issuer }])
    certificate.setExtensions([
      { name: 'basicConstraints', cA: ca, critical: true },
      { name: 'keyUsage', ...(ca ? { keyCertSign: true } : { digitalSignature: true }), critical: true },
    ])
    certificate.sign(key, forge.md.sha256.create())
    return forge.pki.certificateToPem(certificate)
  }
  return {
    root: make('self-check root', 'self-check root', true),
    issuing: make('self-check issuing', 'self-check root', true),
    leaf: make('self-check', 'self-check issuing', false),
    privateKey: pem,
  }
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64')
}
