import { problem, type PathCheck } from './path-step.ts'

/**
 * RFC 5280 section 4.1.2.2: authorities give out positive numbers, and those who read certificates cope with others. A client's number
 * goes into headers, logs and policies, where a sign or a zero has confused readers, so its certificate has to keep to the rule.
 */
export const checkSerialNumber: PathCheck = (step) => {
  const { serialNumber } = step.certificate.facts
  if (!step.isClient || !/^(?:-|0$)/.test(serialNumber)) return null
  return problem(step, {
    reason: 'client-certificate-serial-number-invalid',
    message: 'has a serial number that is not positive',
    wanted: 'a positive serial number',
    found: serialNumber,
  })
}
