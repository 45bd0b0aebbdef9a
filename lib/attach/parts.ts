/** What of an attachment's life comes on demand. */
import { OnDemand } from '../native/on-demand.js';

/** Why a program did not attach. */
export const attachErrors = /* @__PURE__ */ new OnDemand(
  'attach/attach-error',
  () => import('./attach-error.js'),
);
