/** What of a stream's life comes on demand. */
import { OnDemand } from '../native/on-demand.js';

/** Writing events to a file. */
export const recordings = /* @__PURE__ */ new OnDemand(
  'events/recording/recording',
  () => import('./recording/recording.js'),
);
