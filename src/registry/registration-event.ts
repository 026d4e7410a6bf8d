/** What the operator learns of registrations besides the exchanges themselves. */
export interface RegistrationEvent {
  readonly kind:
    /** A second attempt got the answer of the first. */
    | 'registration-answered-again'
    /** A token was presented that had been replaced, in an answer that did not arrive; its successor manages the client. */
    | 'management-token-succeeded'
    /** A client that nobody could use was removed from the identity server. */
    | 'registration-rolled-back'
    /** What a registration may have left behind was looked for, and nothing is left. */
    | 'registration-settled'
    /** Whether a registration left a client behind is unknown, and cannot be found out now. */
    | 'registration-unsettled'
    /** The registrant went away before the whole answer was written. */
    | 'registration-undelivered'
    /** A decision was carried out, or a new token given out, without a record of it: the store is away, or another request has the record. */
    | 'registration-unrecorded'
    /** What may happen only once could not be given back, or used up, as it should. */
    | 'reservation-lost'
  /** Id of the registration. */
  readonly registration: string
  readonly endpoint: string
  readonly clientId: string | null
  /** For the operator. */
  readonly detail: string
}
