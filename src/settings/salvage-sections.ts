import { z } from 'zod'
import { endpointSchema } from './schema/endpoints-schema.ts'
import { settingsSchema, type SettingsFile } from './schema/settings-schema.ts'

/** What can be used of a settings file; the rest has been reported. */
export type Sections = Partial<SettingsFile>

/** The sections whose keys have no faults, so that rules between sections are asked of nothing but what is meant. */
export function soundSections(data: unknown): Sections {
  return mapSections(data, (schema, section) => schema.safeParse(section).data)
}

/** The sections as far as they make sense without their faulty keys, so that files named beside those are looked at as well. */
export function salvageSections(data: unknown): Sections {
  return mapSections(data, (schema, section) => {
    const { data: sound, error } = schema.safeParse(section)
    return error === undefined ? sound : schema.safeParse(withoutFaulty(section, error.issues)).data
  })
}

/** Endpoints without faults of their own, with their places in the list, so that one faulty entry does not hide what is wrong with others. */
export function soundEndpoints(
  data: unknown,
): readonly { readonly index: number; readonly endpoint: SettingsFile['endpoints'][number] }[] {
  const { endpoints } = z.looseObject({ endpoints: z.array(z.unknown()) }).safeParse(data).data ?? { endpoints: [] }
  return endpoints.flatMap((entry, index) => {
    const { data: endpoint } = endpointSchema.safeParse(entry)
    return endpoint === undefined ? [] : [{ index, endpoint }]
  })
}

function mapSections(data: unknown, parse: (schema: z.ZodType, section: unknown) => unknown): Sections {
  if (typeof data !== 'object' || data === null) return {}
  const sections = Object.entries(settingsSchema.shape).flatMap(([key, schema]) => {
    const section = parse(withoutRules(schema), (data as Readonly<Record<string, unknown>>)[key])
    return section === undefined ? [] : [[key, section] as const]
  })
  return Object.fromEntries(sections)
}

/** A rule over several keys that is broken makes none of them unreadable: what else is wrong with them, and beside them, shows all the same. */
function withoutRules(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodPrefault)
    return schema.clone({ ...schema.def, innerType: withoutRules(schema.def.innerType) })
  if (schema instanceof z.ZodDiscriminatedUnion)
    return schema.clone({ ...schema.def, checks: [], options: schema.def.options.map(withoutRules) })
  return schema instanceof z.ZodObject ? schema.clone({ ...schema.def, checks: [] }) : (schema as z.ZodType)
}

function withoutFaulty(section: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (typeof section !== 'object' || section === null) return undefined
  const faulty = new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1),
    ),
  )
  return Object.fromEntries(Object.entries(section).filter(([key]) => !faulty.has(key)))
}
