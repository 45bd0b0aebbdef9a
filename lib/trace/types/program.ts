/** A script whose types are known: what is lowered. */
import type { ProbePlan } from '../probes/plan.js';
import type { Settings } from '../settings.js';
import type { Script } from '../text/script.js';
import type { Expression, Probe } from '../tree/tree.js';
import type { Type } from './type.js';

/** A probe of one attach point: a BPF program. */
export interface Unit {
  readonly probe: Probe;
  readonly plan: ProbePlan;
  /** Of its expressions; what stands for itself is computed anew. */
  readonly types: Map<Expression, Type>;
}

/** A map of the script's. */
export interface MapUse {
  readonly name: string;
  /** Undefined where it is used without a key. */
  key?: Type;
  value: Type;
  /** What its declaration says. */
  readonly kind?: string;
  readonly maxEntries?: number;
}

export interface TypedProgram {
  readonly script: Script;
  readonly settings: Settings;
  readonly units: readonly Unit[];
  readonly maps: ReadonlyMap<string, MapUse>;
  readonly variables: ReadonlyMap<string, Type>;
}
