/** The variables of a data section, as bpftool reads them from its map. */
import { bpftool } from './child.js';
import { ownMapIds } from './descriptors.js';

/** By the section's map's name: `probe.rodata`. */
export function sectionDump(name: string): unknown {
  const id = ownMapIds().find(
    id => (bpftool('map', 'show', 'id', String(id)) as { name: string }).name === name,
  );
  const dump = bpftool('map', 'dump', 'id', String(id)) as { formatted?: { value: unknown } }[];
  const [first] = dump as { formatted: { value: Record<string, object[]> } }[];
  const variables = Object.values(first?.formatted.value ?? {}).flat();
  return Object.assign({}, ...variables);
}
