/** Conformance tests that policies are not held to, and why. */
export interface LeftOut {
  readonly reason: string
  /** Whole suites, sections or single tests, by their path. */
  readonly tests?: readonly string[]
  /** All tests whose expression has it. */
  readonly having?: RegExp
}

export const LEFT_OUT: readonly LeftOut[] = [
  {
    reason: 'no messages, enums or wrappers of protobuf: what policies judge is JSON, certificates and times',
    tests: ['proto2', 'proto2_ext', 'proto3', 'enums', 'wrappers', 'dynamic'],
    having: /TestAllTypes|google\.protobuf\.(?!Timestamp\b|Duration\b)\w+|\bmsg\b/,
  },
  {
    reason: 'no unsigned numbers: JSON has none, and a load error says so',
    having: /\d[uU]\b|\buint\b/,
  },
  {
    reason: 'no bytes: JSON has none, and a load error says so',
    having: /(?<![\w"'])(?:[bB][rR]?|[rR][bB])['"]|\bbytes\(/,
  },
  {
    reason: 'no such extensions of the language; what policies may call stands in policies/README.md',
    tests: ['block_ext', 'encoders_ext', 'macros2', 'math_ext'],
    having: /charAt\(|replace\(|format\(|quote\(|reverse\(|ofNonZeroValue|opt(?:Flat)?Map\(|\{\?|\[\?[^\]]*,/,
  },
  {
    reason: 'a function that the test alone declares',
    tests: ['type_deductions/functions/function_result_type'],
  },
  {
    reason: 'refused at load, where CEL waits until it runs: a name or function that nobody declares',
    tests: [
      'basic/variables/unbound_is_runtime_error',
      'basic/functions/unbound_is_runtime_error',
      'parse/receiver_function_names',
    ],
  },
  {
    reason: 'refused at load: all elements of a list, and all keys and values of a map, must have one type',
    tests: [
      'comparisons/eq_literal/eq_map_value_mixed_types',
      'comparisons/eq_literal/not_eq_list_elem_null',
      'comparisons/eq_literal/not_eq_list_false_vs_types',
      'comparisons/eq_literal/not_eq_list_null',
      'comparisons/eq_literal/not_eq_map_false_vs_types',
      'comparisons/eq_literal/not_eq_map_null',
      'comparisons/eq_literal/not_eq_map_value_null',
      'comparisons/in_list_literal/elem_in_mixed_type_list',
      'conversions/dyn/dyn_heterogeneous_list',
      'fields/map_fields/map_key_int64',
      'fields/map_fields/map_value_mix_type',
      'macros/all/list_elem_type_shortcircuit',
      'macros/exists/list_elem_type_exhaustive',
      'macros/exists/list_elem_type_shortcircuit',
      'macros/exists/map_key_type_exhaustive',
      'macros/exists/map_key_type_shortcircuit',
      'plumbing/check_inputs/skip_check',
      'type_deductions/flexible_type_parameter_assignment/list_parameter',
      'type_deductions/flexible_type_parameter_assignment/list_parameter_order_independent',
      'type_deductions/flexible_type_parameter_assignment/optional_dyn_promotion',
      'type_deductions/flexible_type_parameter_assignment/optional_dyn_promotion_2',
      'type_deductions/legacy_nullable_types/null_assignable_to_abstract_parameter_candidate',
    ],
  },
  {
    reason: 'refused at load: values of types that never equal each other, and sides of && and || that are no bool',
    tests: [
      'comparisons/eq_literal/eq_list_elem_mixed_types',
      'comparisons/eq_literal/eq_mixed_types',
      'comparisons/eq_literal/not_eq_list_length',
      'logic/AND/short_circuit_type_left',
      'logic/AND/short_circuit_type_right',
      'logic/OR/short_circuit_type_left',
      'logic/OR/short_circuit_type_right',
      'logic/conditional/mixed_type',
    ],
  },
  {
    reason: 'containers and names with dots of their own: policies have neither',
    tests: [
      'fields/qualified_identifier_resolution/ident_with_longest_prefix_check',
      'fields/qualified_identifier_resolution/map_field_select',
      'fields/qualified_identifier_resolution/qualified_ident',
      'fields/qualified_identifier_resolution/qualified_identifier_resolution_unchecked',
      'namespace/namespace',
      'namespace/qualified',
    ],
  },
  {
    reason: 'the parser of the library does not know it: numbers that begin with a dot, names in backquotes',
    tests: ['comparisons/gt_literal/not_gt_double', 'fields/quoted_map_fields'],
  },
  {
    reason: 'the parser of the library takes has() of names alone, not of what a literal or a call gives',
    tests: [
      'fields/map_has',
      'optionals/optionals/has_map_optindex',
      'optionals/optionals/has_map_optindex_field',
      'optionals/optionals/map_optional_has',
      'optionals/optionals/map_optional_select_has',
      'optionals/optionals/optional_chaining_9',
      'optionals/optionals/ternary_optional_hasValue',
    ],
  },
  {
    reason:
      'the type checker of the library does not know it: members and equality of optionals, type() of one, what an empty list holds',
    tests: [
      'macros/all/list_empty',
      'optionals/optionals/map_undefined_entry_hasValue',
      'optionals/optionals/optional_chaining_5',
      'optionals/optionals/optional_eq_int_int',
      'optionals/optionals/optional_eq_int_none',
      'optionals/optionals/optional_eq_none_int',
      'optionals/optionals/optional_eq_none_none',
      'optionals/optionals/optional_ne_int_int',
      'optionals/optionals/optional_ne_int_none',
      'optionals/optionals/optional_ne_none_int',
      'optionals/optionals/optional_ne_none_none',
      'optionals/optionals/optional_none_optindex_hasValue',
      'optionals/optionals/optional_none_optselect_hasValue',
      'optionals/optionals/type',
      'timestamps/timestamp_arithmetic/add_time_to_duration',
      'type_deductions/flexible_type_parameter_assignment/unconstrained_type_var_as_dyn',
    ],
  },
  {
    reason: 'the library has no such conversion of times',
    tests: [
      'conversions/identity/duration',
      'conversions/identity/timestamp',
      'conversions/int/timestamp',
      'timestamps/duration_conversions/toString_duration',
      'timestamps/timestamp_conversions/toInt_timestamp',
      'timestamps/timestamp_conversions/toString_timestamp',
      'timestamps/timestamp_conversions/toString_timestamp_nanos',
    ],
  },
  {
    reason: 'times are known to the millisecond',
    tests: [
      'timestamps/timestamp_arithmetic/add_time_to_duration_nanos_positive',
      'timestamps/timestamp_range/add_duration_nanos_over',
    ],
  },
]
