/** What of the language is there, and what is not yet: errors, `libbpf-ts trace --info` and docs/trace.md come from it. */
import { missingFunctions } from './functions/missing.js';
import { knownNames } from './functions/table.js';
import { providers } from './probes/providers.js';

/** `works`, or a clear error says that it does not. */
export type TraceFeatureState = 'works' | 'not supported yet';

/** A part of the language. */
export interface TraceFeature {
  readonly kind: 'probe' | 'function' | 'language';
  readonly name: string;
  readonly state: TraceFeatureState;
}

const language: readonly (readonly [name: string, isThere: boolean])[] = [
  ['predicates, if, else, ?:, while, for, unroll, break, continue, return', true],
  ['variables, let, maps, tuples, records, strings, casts, block expressions', true],
  ['macros, #define of constants, #ifdef, positional and named parameters', true],
  ['structs, unions, enums and bit fields of the kernel by BTF', true],
  ['C declarations in the script: struct, union, enum, typedef', true],
  ['#include of headers', false],
  ['imports', false],
  ['addresses of variables, maps, fields and elements', true],
  ['ctx of iterators', true],
  ['args as a whole', false],
];

/** Every probe, function and part of the language with its state. */
export function traceFeatures(): readonly TraceFeature[] {
  const state = (isThere: boolean): TraceFeatureState => (isThere ? 'works' : 'not supported yet');
  return [
    ...providers.map(
      ({ name, plan }): TraceFeature => ({ kind: 'probe', name, state: state(plan !== undefined) }),
    ),
    ...knownNames().map((name): TraceFeature => ({ kind: 'function', name, state: 'works' })),
    ...missingFunctions.map((name): TraceFeature => ({ kind: 'function', name, state: 'not supported yet' })),
    ...language.map(([name, isThere]): TraceFeature => ({ kind: 'language', name, state: state(isThere) })),
  ];
}
