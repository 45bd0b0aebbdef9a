/** What of an object's life comes on demand. */
import { OnDemand } from '../native/on-demand.js';
import { testRuns } from '../program/parts.js';

/** Why an object did not open or load. */
export const explanations = /* @__PURE__ */ new OnDemand(
  'object/explanations',
  () => import('./explanations.js'),
);

/** What looks at files before libbpf does. */
export const screening = /* @__PURE__ */ new OnDemand('object/screening', () => import('./screening.js'));

/**
 * Loads what else would be loaded when it is needed: what explains a rejected program, looks at files, or does a test run.
 * Where modules cannot be loaded later: before `loadSync()` and other calls that do not wait, in an application's bundle;
 * before a process gives up the right to read its own files.
 *
 * @example
 * ```ts
 * await preload();
 * using bpf = loadSync('execsnoop.bpf.o');
 * ```
 */
export async function preload(): Promise<void> {
  await Promise.all([explanations, screening, testRuns].map(part => part.load()));
}
