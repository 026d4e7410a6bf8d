import type { SettingsFile } from './schema/settings-schema.ts'
import type { RateSettings } from './settings.ts'

export function resolveRates({ perAddress, perCertificate, perOwner }: SettingsFile['rates']): RateSettings {
  return {
    perAddress: limited(perAddress),
    perCertificate: limited(perCertificate),
    perOwner: limited(perOwner),
  }
}

function limited<Section extends { readonly requests: number | 'unlimited' }>(
  section: Section,
): (Section & { readonly requests: number }) | null {
  const { requests } = section
  return requests === 'unlimited' ? null : { ...section, requests }
}
