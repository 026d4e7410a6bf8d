import { beforeAll, describe, expect, it } from 'vitest'
import { attempt, faultsOf, mintScene, replaceOnce, type Scene } from './list-fixture.ts'

let scene: Scene
const faults = (bytes: Buffer): readonly string[] => faultsOf(bytes, { pem: scene.operator.pem })
const after = (xml: string): Buffer =>
  replaceOnce(scene.list, '<tsl:SchemeInformation>', `${xml}<tsl:SchemeInformation>`)

beforeAll(async () => {
  scene = await mintScene()
})

describe('a list that is refused before anything in it counts', () => {
  it.each<[string, string]>([
    ['entities that grow without bound', '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'],
    ['an entity that reads a file', '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'],
    ['a document type in small letters', '<!doctype a>'],
  ])('is one with %s', (_, type) => {
    const typed = replaceOnce(scene.list, '<tsl:TrustServiceStatusList', `${type}<tsl:TrustServiceStatusList`)
    expect(faults(typed)).toEqual(['be.xml: wanted no document type declaration, found one, or another declaration'])
  })

  it('is one of 11 MB', () => {
    expect(faults(Buffer.concat([scene.list, Buffer.alloc(11_000_000, ' ')]))).toEqual([
      `be.xml: wanted at most 10485760 bytes, found ${scene.list.length + 11_000_000} bytes`,
    ])
  })

  it('is one in another encoding, whatever it says of itself', () => {
    const latin = Buffer.from(replaceOnce(scene.list, 'Trust NV', 'Tröst NV').toString(), 'latin1')
    const notUtf8 = ['be.xml: wanted UTF-8 (TS 119 612 annex B), found bytes that are no UTF-8']
    expect(faults(latin)).toEqual(notUtf8)
    expect(faults(Buffer.from(`\uFEFF${scene.list.toString()}`, 'utf16le'))).toEqual(notUtf8)
    expect(faults(replaceOnce(scene.list, 'encoding="UTF-8"', 'encoding="ISO-8859-1"'))).toEqual([
      'be.xml: wanted an XML declaration of version 1.0 and UTF-8, found another one',
    ])
  })

  it.each<[string, string, string]>([
    ['a processing instruction', '<?php x?>', 'wanted no processing instruction, found one'],
    ['a NUL', '\0', 'wanted characters of XML 1.0, found a control or other forbidden character'],
    ['an escape sequence', '\u001b[2J', 'wanted characters of XML 1.0, found a control or other forbidden character'],
    ['an unknown entity', '<x>&unknown;</x>', 'wanted well-formed XML, found a list that is cut off or damaged'],
    ['an attribute without quotes', '<x a=b/>', 'wanted well-formed XML, found a list that is cut off or damaged'],
    ['an attribute twice', '<x a="1" a="2"/>', 'wanted well-formed XML, found a list that is cut off or damaged'],
    ['tags that cross', '<x><y></x></y>', 'wanted well-formed XML, found a list that is cut off or damaged'],
    [
      'an end tag that closes nothing',
      '<x></y></x>',
      'wanted well-formed XML, found a list that is cut off or damaged',
    ],
    ['65 levels', '<x>'.repeat(65) + '</x>'.repeat(65), 'wanted at most 64 elements inside each other, found more'],
    ['1 000 elements side by side', '<x/>'.repeat(1_000), 'wanted at most 1000 elements side by side, found more'],
    ['200 000 elements', manyElements(200_000), 'wanted at most 200000 elements, found more'],
    ['65 attributes', `<x ${attributes(65)}/>`, 'wanted at most 64 attributes, found more'],
    ['half a million attributes', `<x ${attributes(500_000)}/>`, 'wanted at most 64 attributes, found more'],
    ['a comment without end', '<!-- ', 'wanted well-formed XML, found a list that is cut off or damaged'],
    ['a section without end', '<![CDATA[', 'wanted well-formed XML, found a list that is cut off or damaged'],
  ])('is one with %s', (_, xml, expected) => {
    const [fault, ...more] = faults(after(xml))
    expect(fault).toContain(`be.xml: ${expected}`)
    expect(more).toEqual([])
  })

  it('is one that is cut off, at whatever byte', () => {
    const text = scene.list.toString().trimEnd()
    for (let length = text.length - 1; length >= 0; length -= length > text.length - 60 ? 1 : 29) {
      const found = faults(Buffer.from(text.slice(0, length)))
      expect({ length, found }).toEqual({ length, found: [expect.stringMatching(/^be.xml: wanted /)] })
    }
  })

  it('is no XML at all', () => {
    for (const text of ['', ' ', 'list', '{}', '<?xml version="1.0" encoding="UTF-8"?>'])
      expect(faults(Buffer.from(text))).toEqual([
        expect.stringMatching(/^be.xml: wanted (well-formed XML|an XML document), /),
      ])
    expect(faults(Buffer.from('<html/>'))).toEqual([
      'be.xml: wanted a TrustServiceStatusList (TS 119 612), found another document',
    ])
  })

  it('is told with the line of its fault', () => {
    const before = scene.list.toString().split('<tsl:SchemeInformation>')[0]?.split('\n').length ?? 0
    for (const xml of ['<x a=b/>', '<x></y>', '<x>&unknown;</x>', '\0', '<?x?>'])
      expect(attempt(after(`\n\n\n${xml}`), { pem: scene.operator.pem })).toMatchObject([
        { line: before + 3, column: 1 },
      ])
  })
})

function attributes(count: number): string {
  return Array.from({ length: count }, (_, index) => `a${index}=""`).join(' ')
}

function manyElements(count: number): string {
  return `<y>${`<x>${'<z/>'.repeat(500)}</x>`.repeat(count / 500)}</y>`
}
