/** Calls on many entries, which are loaded when the first is made: most applications make none. */
import { OnDemand } from '../../native/on-demand.js';
import type * as Bulk from './bulk.js';

/** What {@link preload} loads too. */
export const bulk = /* @__PURE__ */ new OnDemand('map/bulk/bulk', () => import('./bulk.js'));

/** All entries in the form that is asked for. */
export const readAll: typeof Bulk.readAll = async (source, drain, options) => {
  const { readAll } = await bulk.wait(`${drain ? 'drain' : 'walk'} map ${source.map.name}`);
  return readAll(source, drain, options);
};

/** The entries of keys, in their order. */
export const getBatch: typeof Bulk.getBatch = async (access, keys) => {
  const { getBatch } = await bulk.wait(`look up in map ${access.map.name}`);
  return getBatch(access, keys);
};

/** Writes entries, in their order. */
export const setBatch: typeof Bulk.setBatch = async (access, entries, flags) => {
  const { setBatch } = await bulk.wait(`update map ${access.map.name}`);
  return setBatch(access, entries, flags);
};

/** Deletes the entries of keys; how many were there. */
export const deleteBatch: typeof Bulk.deleteBatch = async (access, keys) => {
  const { deleteBatch } = await bulk.wait(`delete from map ${access.map.name}`);
  return deleteBatch(access, keys);
};
