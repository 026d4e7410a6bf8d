import { DerSyntaxError } from './der-syntax-error.ts'

/** Lengths that do not fit into each other, or nesting without end: no reader of BER would take such bytes either. */
export class Asn1StructureError extends DerSyntaxError {
  constructor(message: string) {
    super(message)
    this.name = 'Asn1StructureError'
  }
}
