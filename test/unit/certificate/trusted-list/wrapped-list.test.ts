import { beforeAll, describe, expect, it } from 'vitest'
import { signTrustedList, writeTrustedList, type SigningOptions } from '../../../support/mint-trusted-list.ts'
import { faultsOf, mintScene, planOf, withService, type Scene } from './list-fixture.ts'

let scene: Scene
let evil: string
const faults = (bytes: Buffer): readonly string[] => faultsOf(bytes, { pem: scene.operator.pem })
const signed = (options: SigningOptions): Buffer =>
  signTrustedList(writeTrustedList(withService(scene.issuing)), scene.operator, options)

beforeAll(async () => {
  scene = await mintScene()
  evil = writeTrustedList(withService(scene.impostor))
})

describe('a list wrapped around a signed one', () => {
  const tree = (bytes: Buffer): string => bytes.toString().replace(/^<\?xml[^>]*\?>\s*/, '')
  const wrap = (inner: string, after: string, id = ''): Buffer =>
    Buffer.from(
      evil
        .replace(' Id="list-1"', id)
        .replace('</tsl:TrustServiceStatusList>', `${after}</tsl:TrustServiceStatusList>`)
        .replace(
          '</tsl:SchemeInformation>',
          `<tsl:SchemeExtensions>${inner}</tsl:SchemeExtensions></tsl:SchemeInformation>`,
        ),
    )
  const SIGNATURE = /<ds:Signature .*<\/ds:Signature>/s
  const parts = (bytes: Buffer): readonly [string, string] => [
    tree(bytes).replace(SIGNATURE, ''),
    SIGNATURE.exec(tree(bytes))?.[0] ?? '',
  ]

  it('is refused when the signature covers the list inside', () => {
    const [inner, signature] = parts(signed({ byId: true }))
    expect(faults(wrap(inner, signature))).toEqual([
      'be.xml Signature/SignedInfo/Reference[1]: wanted the whole list, found a reference to something else',
    ])
  })

  it('is refused when both bear the Id that is signed', () => {
    const [inner, signature] = parts(signed({ byId: true }))
    for (const id of [' Id="list-1"', ' ID="list-1"', ' id="list-1"'])
      expect(faults(wrap(inner, signature, id))).toEqual([
        'be.xml Signature/SignedInfo/Reference[1]: wanted one element with the Id list-1, found 2',
      ])
  })

  it('is refused when the signature stayed inside', () => {
    expect(faults(wrap(tree(signed({ byId: true })), ''))).toEqual([
      'be.xml Signature: wanted one signature, directly below the list, found one further down',
    ])
  })

  it('is refused with a signature outside and one inside', () => {
    const [, signature] = parts(signed({ byId: true }))
    expect(faults(wrap(tree(signed({ byId: true })), signature))).toEqual([
      'be.xml Signature: wanted one signature, directly below the list, found 2',
    ])
  })

  it('is refused when the signed list hides in the signature itself', () => {
    const [inner, signature] = parts(signed({ byId: true }))
    const hidden = signature.replace('</ds:Signature>', `<ds:Object>${inner}</ds:Object></ds:Signature>`)
    expect(faults(wrap('', hidden))[0]).toContain('found a reference to something else')
  })

  it('is refused as a second document after the first', () => {
    expect(faults(Buffer.from(`${scene.list.toString()}${tree(scene.list)}`))).toEqual([
      'be.xml: wanted well-formed XML, found a list that is cut off or damaged',
    ])
  })

  it('is refused when a sound signature covers something else than a list', () => {
    const other = signTrustedList(
      '<other><tsl:TrustServiceStatusList xmlns:tsl="http://uri.etsi.org/02231/v2#"/></other>',
      scene.operator,
    )
    expect(faults(other)).toEqual(['be.xml: wanted a TrustServiceStatusList (TS 119 612), found another document'])
  })

  it('is taken when the list itself is covered by its Id', () => {
    expect(planOf(signed({ byId: true }), { pem: scene.operator.pem }).files).toHaveLength(1)
  })
})
