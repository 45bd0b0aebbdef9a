/** What was lost, and where in the script. */
import type { CompiledScript } from '../compile.js';
import type { TraceLoss } from './events.js';
import type { RunningMaps } from './maps.js';

export function lossesOf({ losses, script }: CompiledScript, maps: RunningMaps): TraceLoss[] {
  const all = losses.map(({ span, map }, number): TraceLoss => {
    const [place, count] = [script.range(span), Number(maps.lost(number))];
    return map === undefined ? { place, count } : { place, count, map, room: maps.room(map) };
  });
  return all.filter(({ count }) => count > 0);
}
