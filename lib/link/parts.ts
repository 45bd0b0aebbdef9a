/** What of a link's life comes on demand. */
import { OnDemand } from '../native/on-demand.js';

/** `info` of a link. */
export const linkInfos = /* @__PURE__ */ new OnDemand(
  'link/read-link-info',
  () => import('./read-link-info.js'),
);
