/** Where a hook is, in a few words. */
import type { OccupiedPlace } from '../doors/inspect.js';

/** As `eth0 ingress in /run/netns/blue`, a cgroup's folder, `map 5`, `ipv4 input`. */
export function hookPlace(place: OccupiedPlace): string {
  if ('cgroup' in place) return place.cgroup;
  if ('mapId' in place) return `map ${place.mapId}`;
  if ('family' in place) return `${place.family} ${place.hook}`;
  if (!('interface' in place)) return `${place.netns}`;
  const { interface: name, direction, parent, netns } = place;
  const where = [name, direction, parent].filter(part => part !== undefined).join(' ');
  return netns === undefined ? where : `${where} in ${netns}`;
}
