/** What a map is and what it should be, property by property. */
import { BpfError } from '../errors/bpf-error.js';
import type { MapInfo } from './map-info.js';

/** What is compared; what is absent may be anything. */
export type MapProperties = Partial<
  Pick<MapInfo, 'kind' | 'keySize' | 'valueSize' | 'maxEntries' | 'flags' | 'extra'>
>;

const words: Readonly<Record<keyof MapProperties, string>> = {
  kind: 'kind',
  keySize: 'key size',
  valueSize: 'value size',
  maxEntries: 'maxEntries',
  flags: 'flags',
  extra: 'extra',
};

/** One line for each property that differs: `maxEntries is 64, should be 128`. */
export function unlike(found: MapProperties, wanted: MapProperties): string[] {
  const names = Object.keys(words) as (keyof MapProperties)[];
  const different = names.filter(
    name => wanted[name] !== undefined && shown(name, found) !== shown(name, wanted),
  );
  return different.map(name => `${words[name]} is ${shown(name, found)}, should be ${shown(name, wanted)}`);
}

function shown(name: keyof MapProperties, from: MapProperties): string {
  if (name !== 'flags') return String(from[name]);
  const flags = from.flags?.map(flag => (typeof flag === 'number' ? `0x${flag.toString(16)}` : flag));
  return flags?.join(' | ') || 'none';
}

/** The error of a map that does not fit, with every difference in it. */
export function unfitMap(operation: string, differences: readonly string[]): BpfError {
  return new BpfError({
    code: 'ERR_BPF_MAP',
    operation,
    reason: `the map there is another: ${differences.join('; ')}`,
    hint: 'open it as what it is, or replace it: its content is lost then',
  });
}
