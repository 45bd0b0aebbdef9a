/** How far types reach into each other: cycles, depth, and how large a walk without memory would be. */
import { malformedBtf } from '../malformed.js';
import type { TypeTable } from '../type-table.js';
import type { Edges } from './references.js';

/**
 * Longest chain of types that contain each other; the kernel's own has some dozens. btf__align_of() in btf.c follows
 * them by recursion.
 */
const deepest = 512;
/**
 * Most types that a walk meets which does not remember where it was, as btf__align_of() in btf.c. The kernel's
 * largest structs have some ten thousand.
 */
const mostSteps = 10_000_000;

const [hidden, open, done] = [0, 1, 2];

/** What a type amounts to, once all that it refers to is known. */
interface Extent {
  readonly depth: Uint32Array;
  readonly steps: Float64Array;
}

/**
 * Returns when no type reaches itself by these references, and each walk along them is short.
 *
 * @param edges - the references that count: those by value, or those of a declaration
 * @throws BpfError `ERR_BPF_BTF` that names the type
 */
export function requireAcyclic(types: TypeTable, edges: Edges): void {
  const count = types.count;
  const state = new Uint8Array(count);
  const extent = { depth: new Uint32Array(count), steps: new Float64Array(count) };
  for (let id = types.firstId; id < count; id++)
    if (state[id] === hidden) walk(types, edges, id, state, extent);
}

/** Depth first with a stack of its own: a hostile chain is longer than JavaScript's. */
function walk(types: TypeTable, edges: Edges, root: number, state: Uint8Array, extent: Extent): void {
  const path = [root];
  while (path.length > 0) {
    const id = path.at(-1) ?? 0;
    if (state[id] === hidden) {
      state[id] = open;
      for (const each of edges(types, id)) enter(types, each, state, path);
      continue;
    }
    path.pop();
    if (state[id] === open) measure(types, id, edges(types, id), extent);
    state[id] = done;
  }
}

/** Types of the base are whole, and what was done needs no second visit. */
function enter(types: TypeTable, id: number, state: Uint8Array, path: number[]): void {
  if (id >= types.count)
    throw malformedBtf(types.subject, `BTF type ${id} is referred to, but the last is ${types.count - 1}`);
  if (id < types.firstId || state[id] === done) return;
  if (state[id] === open) throw malformedBtf(types.subject, `BTF type ${id} contains itself`, hint);
  path.push(id);
}

const hint = 'no compiler makes such a type: the file is damaged, or was made to do harm';

function measure(types: TypeTable, id: number, next: readonly number[], { depth, steps }: Extent): void {
  let [below, all] = [0, 1];
  for (const each of next) {
    below = Math.max(below, depth[each] ?? 0);
    all += steps[each] ?? 0;
  }
  depth[id] = below + 1;
  steps[id] = all;
  if (below >= deepest)
    throw malformedBtf(types.subject, `BTF type ${id} is nested more than ${deepest} types deep`, hint);
  if (all > mostSteps)
    throw malformedBtf(types.subject, `BTF type ${id} has more than ${mostSteps} parts`, hint);
}
