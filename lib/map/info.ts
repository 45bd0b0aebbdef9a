/** `info` of a map's handle. */
import { errnoError, failed } from '../native/errno.js';
import { type MapHandle, native } from '../native/native.js';
import { type MapInfo, readMapInfo } from './map-info.js';

/** Reads `struct bpf_map_info`. */
export function infoOf(handle: MapHandle): MapInfo {
  const bytes = native().mapInfo(handle);
  if (failed(bytes)) throw errnoError(bytes, 'describe a map');
  return readMapInfo(bytes, native().mapFd(handle));
}
