/** What of an object's life comes on demand. */
import { attachErrors } from '../attach/parts.js';
import { recordings } from '../events/parts.js';
import { linkInfos } from '../link/parts.js';
import { bulk } from '../map/bulk/on-demand.js';
import { OnDemand } from '../native/on-demand.js';
import { instructions, programInfos, programStreams, testRuns } from '../program/parts.js';

/** Why an object did not open or load. */
export const explanations = /* @__PURE__ */ new OnDemand(
  'object/explanations',
  () => import('./explanations.js'),
);

/** The checks of files that come before libbpf. */
export const screening = /* @__PURE__ */ new OnDemand('object/screening', () => import('./screening.js'));

const parts: readonly OnDemand<object>[] = [
  explanations,
  screening,
  attachErrors,
  testRuns,
  instructions,
  programInfos,
  programStreams,
  linkInfos,
  recordings,
  bulk,
];

/**
 * Loads what else would be loaded when it is needed: what explains why a program did not load or attach, looks at
 * files, does a test run, records events, reads what a program prints and the `info` of programs and links, or works
 * on many entries of a map at once. Where modules cannot be loaded later: before `loadSync()` and other calls that do
 * not wait, in an application's bundle; before a process gives up the right to read its own files.
 *
 * @example
 * ```ts
 * await preload();
 * using bpf = loadSync('execsnoop.bpf.o');
 * ```
 */
export async function preload(): Promise<void> {
  await Promise.all(parts.map(part => part.load()));
}
