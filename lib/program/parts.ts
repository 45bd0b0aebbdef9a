/** What of a program's life comes on demand. */
import { OnDemand } from '../native/on-demand.js';

/** Running a program on data that is made up. */
export const testRuns = /* @__PURE__ */ new OnDemand(
  'program/test-run/test-run',
  () => import('./test-run/test-run.js'),
);
