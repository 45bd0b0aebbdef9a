/** All faces of maps, for what is described at run time. */
import type { MapRow } from './rows.js';
import * as rows from './rows.js';

/** One for each face. */
export const everyMapRow: readonly MapRow[] = /* @__PURE__ */ Object.values(rows);
