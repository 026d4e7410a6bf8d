import { beforeAll, describe, expect, it } from 'vitest'
import { signTrustedList, writeTrustedList, type SigningOptions } from '../../../support/mint-trusted-list.ts'
import { faultsOf, mintScene, planOf, replaceOnce, withService, type Scene } from './list-fixture.ts'

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const PROPERTIES = 'http://uri.etsi.org/01903#SignedProperties'
const SOMETHING_ELSE = 'wanted the whole list, found a reference to something else'

let scene: Scene
let evil: string
const faults = (bytes: Buffer): readonly string[] => faultsOf(bytes, { pem: scene.operator.pem })
const signed = (options: SigningOptions, signer = scene.operator): Buffer =>
  signTrustedList(writeTrustedList(withService(scene.issuing)), signer, options)

beforeAll(async () => {
  scene = await mintScene()
  evil = writeTrustedList(withService(scene.impostor))
})

describe('a list that is not its operator’s', () => {
  it('is refused when another signed it, though with the same name and the operator’s certificate in KeyInfo', () => {
    const [fault, ...more] = faults(signed({ shown: scene.operator }, scene.impostor))
    expect(fault).toMatch(
      /^be.xml Signature: wanted a signature by CN=Scheme Operator \(SHA-256 [0-9a-f]{64}\), found one by another key$/,
    )
    expect(more).toEqual([])
  })

  it('is refused with the attacker’s certificate in KeyInfo', () => {
    expect(faults(signed({}, scene.impostor))[0]).toContain('found one by another key')
    const relabelled = replaceOnce(
      scene.list,
      scene.operator.der.toString('base64'),
      scene.impostor.der.toString('base64'),
    )
    expect(faultsOf(relabelled, { pem: scene.impostor.pem })[0]).toContain('found one by another key')
  })

  it('does not need KeyInfo, nor what it says, to be the operator’s', () => {
    const relabelled = replaceOnce(
      scene.list,
      scene.operator.der.toString('base64'),
      scene.impostor.der.toString('base64'),
    )
    expect(planOf(relabelled, { pem: scene.operator.pem }).files).toHaveLength(1)
    const without = replaceOnce(scene.list, /<ds:KeyInfo>.*<\/ds:KeyInfo>/s, '')
    expect(planOf(without, { pem: scene.operator.pem }).files).toHaveLength(1)
  })

  it.each(['rsa-sha256', 'ecdsa-sha384', 'sha256-rsa-MGF1'])(
    'is refused when its key is used as one for %s',
    (method) => {
      const pretended = replaceOnce(scene.list, 'xmldsig-more#ecdsa-sha256"', `xmldsig-more#${method}"`)
      const result = faults(
        method.endsWith('MGF1')
          ? replaceOnce(pretended, '2001/04/xmldsig-more#sha256-rsa', '2007/05/xmldsig-more#sha256-rsa')
          : pretended,
      )
      expect(result[0]).toContain('found one by another key')
    },
  )
})

describe('a list that was altered since it was signed', () => {
  it.each<[string, string | RegExp, string]>([
    ['a status', 'Svcstatus/granted', 'Svcstatus/withdrawn'],
    ['a date', '2027-03-31', '2037-03-31'],
    ['a space', '</tsl:TrustServiceProviderList>', ' </tsl:TrustServiceProviderList>'],
    ['an attribute', 'TSLTag="', 'other="x" TSLTag="'],
    ['its XAdES properties', '<xades:SigningTime>2026', '<xades:SigningTime>2025'],
  ])('is refused for %s', (_, part, by) => {
    expect(faults(replaceOnce(scene.list, part, by))).toEqual([
      'be.xml: wanted the list as it was signed, found one that was altered since',
    ])
  })

  it('is refused for what SignedInfo says', () => {
    const altered = replaceOnce(scene.list, '<ds:DigestMethod', '<ds:DigestMethod Id="x"')
    expect(faults(altered)[0]).toContain('found one by another key')
  })

  it('is read as it was signed, whatever comments were put in', () => {
    const commented = replaceOnce(scene.list, 'Svcstatus/granted', 'Svcstatus/gran<!-- x -->ted')
    expect(planOf(commented, { pem: scene.operator.pem }).selection).toMatchObject({
      roots: [{ services: [{ status: 'http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted' }] }],
    })
  })
})

describe('a signature of another form', () => {
  it('is refused with a comment in the digest (CVE-2025-29775)', () => {
    expect(faults(replaceOnce(scene.list, '<ds:DigestValue>', '<ds:DigestValue><!--AAAA-->'))).toEqual([
      'be.xml Signature/SignedInfo: wanted elements and text alone, found a comment or a CDATA section',
    ])
    expect(faults(replaceOnce(scene.list, '<ds:SignatureValue>', '<ds:SignatureValue><!--AAAA-->'))).toEqual([
      'be.xml Signature/SignatureValue: wanted elements and text alone, found a comment or a CDATA section',
    ])
  })

  it('is refused with a second SignedInfo (CVE-2025-29774)', () => {
    const signedInfo = /<ds:SignedInfo>.*<\/ds:SignedInfo>/s.exec(scene.list.toString())?.[0] ?? ''
    for (const place of ['<ds:SignatureValue>', '<ds:KeyInfo>'])
      expect(faults(replaceOnce(scene.list, place, `${signedInfo}${place}`))).toEqual([
        'be.xml Signature: wanted one SignedInfo, one SignatureValue, then KeyInfo and Object, found other elements',
      ])
  })

  it('is refused with a second digest', () => {
    expect(
      faults(replaceOnce(scene.list, '</ds:DigestValue>', '</ds:DigestValue><ds:DigestValue>AAAA</ds:DigestValue>')),
    ).toEqual([
      'be.xml Signature/SignedInfo/Reference[1]: wanted Transforms, DigestMethod and one DigestValue, found other elements',
    ])
  })

  it('is refused without any', () => {
    expect(faults(Buffer.from(evil))).toEqual(['be.xml: wanted one signature, directly below the list, found none'])
  })

  it.each<[string, SigningOptions, string]>([
    [
      'SHA-1 as digest',
      { digest: 'sha1' },
      'Reference[1]/DigestMethod: wanted http://www.w3.org/2001/04/xmlenc#sha256 or',
    ],
    [
      'inclusive canonicalization of SignedInfo',
      { canonicalization: INCLUSIVE },
      `CanonicalizationMethod: wanted ${EXCLUSIVE}, found`,
    ],
    [
      'canonicalization with comments',
      { transforms: [ENVELOPED, `${EXCLUSIVE}WithComments`] },
      `Transforms[2]: wanted ${EXCLUSIVE}, found`,
    ],
    [
      'no canonicalization',
      { transforms: [ENVELOPED] },
      'Transforms: wanted the enveloped-signature transform, then canonicalization, found 1 transforms',
    ],
    [
      'a signature over the scheme alone',
      { covers: "//*[local-name(.)='SchemeInformation']" },
      `Reference[1]: ${SOMETHING_ELSE}`,
    ],
    ['a signature over a part of its own', { covers: "//*[local-name(.)='QualifyingProperties']" }, SOMETHING_ELSE],
  ])('is refused with %s, sound or not', (_, options, expected) => {
    const [fault, ...more] = faults(signed(options))
    expect(fault).toContain(expected)
    expect(more).toEqual([])
  })

  it('is refused with RSA and SHA-1', () => {
    const [fault] = faultsOf(signed({ method: 'rsa-sha1' }, scene.rsaOperator), { pem: scene.rsaOperator.pem })
    expect(fault).toMatch(/SignatureMethod: wanted .*, found "http:\/\/www.w3.org\/2000\/09\/xmldsig#rsa-sha1"$/)
  })

  it.each<[string, string, string, string]>([
    ['HMAC', '#ecdsa-sha256', '#hmac-sha256', 'SignatureMethod: wanted'],
    [
      'an XPath transform',
      ENVELOPED,
      'http://www.w3.org/TR/1999/REC-xpath-19991116',
      `Transforms[1]: wanted ${ENVELOPED}, found`,
    ],
    [
      'parameters of a transform',
      `<ds:Transform Algorithm="${EXCLUSIVE}"/>`,
      `<ds:Transform Algorithm="${EXCLUSIVE}"><x/></ds:Transform>`,
      'Transforms[2]: wanted no parameters, found some',
    ],
    ['a reference to another place', 'URI=""', 'URI="http://127.0.0.1/list.xml"', `Reference[1]: ${SOMETHING_ELSE}`],
    ['a reference without place', ' URI=""', '', `Reference[1]: ${SOMETHING_ELSE}`],
    ['an XPointer', 'URI=""', 'URI="#xpointer(/)"', `Reference[1]: ${SOMETHING_ELSE}`],
    [
      'the list taken for its properties',
      'URI=""',
      `URI="" Type="${PROPERTIES}"`,
      'Reference[1]: wanted the XAdES properties of this signature, found a reference to something else',
    ],
    [
      'properties that are referenced as something else',
      ` Type="${PROPERTIES}"`,
      '',
      `Reference[2]: ${SOMETHING_ELSE}`,
    ],
    [
      'a manifest among the references',
      '<ds:Reference URI=""',
      '<ds:Manifest/><ds:Reference URI=""',
      'Signature/SignedInfo: wanted CanonicalizationMethod, SignatureMethod and References, found other elements',
    ],
  ])('is refused with %s', (_, part, by, expected) => {
    const [fault, ...more] = faults(replaceOnce(scene.list, part, by))
    expect(fault).toContain(expected)
    expect(more).toEqual([])
  })

  it('is refused with the list referenced twice, never, or its properties twice', () => {
    const [first = '', second = ''] = scene.list.toString().match(/<ds:Reference .*?<\/ds:Reference>/gs) ?? []
    expect(faults(replaceOnce(scene.list, first, first + first))).toEqual([
      'be.xml Signature/SignedInfo: wanted one Reference that covers the whole list, found 2',
    ])
    expect(faults(replaceOnce(scene.list, second, second + second))).toEqual([
      'be.xml Signature/SignedInfo: wanted at most two References, found 3',
    ])
    expect(faults(replaceOnce(scene.list, first, ''))).toEqual([
      'be.xml Signature/SignedInfo: wanted one Reference that covers the whole list, found 0',
    ])
  })
})

describe('a signature of the form that operators use', () => {
  it.each(['ecdsa-sha256', 'ecdsa-sha384', 'ecdsa-sha512'] as const)('is taken with %s', (method) => {
    expect(planOf(signed({ method }), { pem: scene.operator.pem }).files).toHaveLength(1)
  })

  it.each(['rsa-sha256', 'rsa-sha384', 'rsa-sha512', 'sha256-rsa-MGF1', 'sha384-rsa-MGF1', 'sha512-rsa-MGF1'] as const)(
    'is taken with %s',
    (method) => {
      const how = { pem: scene.rsaOperator.pem }
      expect(planOf(signed({ method, digest: 'sha512' }, scene.rsaOperator), how).files).toHaveLength(1)
    },
  )

  it('is taken without XAdES properties, and with one of several pinned certificates', () => {
    const pem = scene.rsaOperator.pem + scene.operator.pem
    expect(planOf(signed({ xades: false }), { pem }).record).toContain('"signer": "CN=Scheme Operator')
  })
})
