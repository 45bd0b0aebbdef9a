/** Programs that add to the sums of stacks. */
import type { Closable, LoadedObject } from '../index.js';

/** A running measurement: closing the object ends it, closing the maps forgets what it noted. */
export interface Measurement {
  readonly bpf: LoadedObject;
  readonly maps: readonly Closable[];
}
