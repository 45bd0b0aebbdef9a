/** What of a program's life comes on demand. */
import { OnDemand } from '../native/on-demand.js';

/** Running a program on data that is made up. */
export const testRuns = /* @__PURE__ */ new OnDemand(
  'program/test-run/test-run',
  () => import('./test-run/test-run.js'),
);

/** `info` of a program. */
export const programInfos = /* @__PURE__ */ new OnDemand('program/info', () => import('./info.js'));

/** A program's instructions, read and written. */
export const instructions = /* @__PURE__ */ new OnDemand('asm/insn', () => import('../asm/insn.js'));

/** What a program prints, as a stream. */
export const programStreams = /* @__PURE__ */ new OnDemand(
  'program/program-stream',
  () => import('./program-stream.js'),
);
