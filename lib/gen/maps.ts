/** The maps of an object: variables of its `.maps` section, whose types say what they are, and struct_ops tables. */
import type { Btf, BtfMember, BtfType } from '../btf/index.js';
import { type Shape, shapeOf } from '../codec/index.js';
import { BpfError } from '../errors.js';
import { type MapKindName, mapKindName } from '../kinds/map-kinds.js';
import type { MapModel } from './model.js';

/** Kinds whose key is an index, even where only its size is said. */
const indexed: ReadonlySet<MapKindName> = new Set([
  'array',
  'percpu_array',
  'prog_array',
  'perf_event_array',
  'cgroup_array',
  'array_of_maps',
  'devmap',
  'sockmap',
  'cpumap',
  'xskmap',
  'reuseport_sockarray',
]);

/** Kinds whose value is a file descriptor or id, even where only its size is said. */
const handles: ReadonlySet<MapKindName> = new Set([
  'prog_array',
  'perf_event_array',
  'cgroup_array',
  'array_of_maps',
  'hash_of_maps',
  'sockmap',
  'sockhash',
  'xskmap',
]);

/** Kinds without keys. */
const keyless: ReadonlySet<MapKindName> = new Set([
  'ringbuf',
  'user_ringbuf',
  'queue',
  'stack',
  'bloom_filter',
  'arena',
]);

/**
 * All maps in order of declaration.
 *
 * @param types - C types of records by map, where the object does not say
 */
export function readMaps(btf: Btf, types: Readonly<Record<string, string>>): readonly MapModel[] {
  const declared = variablesOf(btf, '.maps').flatMap(variable => readMap(btf, variable, types));
  const maps = [...declared, ...structOpsSections.flatMap(name => readStructOps(btf, name))];
  const stray = Object.keys(types).find(name => !maps.some(map => map.name === name));
  if (stray !== undefined) throw noSuchMap(btf, stray, maps);
  return maps;
}

/** Tables of a kernel interface, each of which is a map; a `?` leaves them out where they are not asked for. */
const structOpsSections = ['.struct_ops', '.struct_ops.link', '?.struct_ops', '?.struct_ops.link'];

function readStructOps(btf: Btf, section: string): MapModel[] {
  return variablesOf(btf, section).flatMap(variable => {
    if (variable.kind !== 'var') return [];
    return [{ name: variable.name, kind: 'struct_ops', key: undefined, value: undefined } as const];
  });
}

function variablesOf(btf: Btf, section: string): BtfType[] {
  const id = btf.find('datasec', section);
  const datasec = id === undefined ? undefined : btf.type(id);
  return datasec?.kind === 'datasec' ? datasec.variables.map(({ type }) => btf.type(type)) : [];
}

function readMap(btf: Btf, variable: BtfType, types: Readonly<Record<string, string>>): MapModel[] {
  if (variable.kind !== 'var') return [];
  const definition = btf.type(btf.resolve(variable.type));
  if (definition.kind !== 'struct') return [];
  const { name } = variable;
  const fields = new Map(definition.members.map(member => [member.name, member]));
  const kind = mapKindName(number(btf, fields.get('type')) ?? 0) ?? 'unspec';
  const key = keyless.has(kind) ? undefined : part(btf, fields, 'key', indexed.has(kind));
  const said = Object.hasOwn(types, name) ? types[name] : undefined;
  const value = said === undefined ? recordOf(btf, fields, kind) : named(btf, name, said);
  return [{ name, kind, key, value }];
}

/** A ring's size says nothing about its records. */
function recordOf(btf: Btf, fields: ReadonlyMap<string, BtfMember>, kind: MapKindName): Shape | undefined {
  const sized =
    kind === 'ringbuf' || kind === 'user_ringbuf'
      ? new Map([...fields].filter(([n]) => n === 'value'))
      : fields;
  return part(btf, sized, 'value', handles.has(kind));
}

/** A key or value: `__type(key, …)`, or `__uint(key_size, …)` bytes. */
function part(
  btf: Btf,
  fields: ReadonlyMap<string, BtfMember>,
  name: 'key' | 'value',
  isInteger: boolean,
): Shape | undefined {
  const typed = fields.get(name);
  const pointer = typed && btf.type(btf.resolve(typed.type));
  if (pointer?.kind === 'ptr') return shapeOf(btf, pointer.type);
  const length = number(btf, fields.get(`${name}_size`));
  if (isInteger && (length ?? 4) === 4) return { kind: 'scalar', scalar: btf.littleEndian ? 'u32' : 'u32be' };
  return length === undefined ? undefined : { kind: 'bytes', length };
}

/** `__uint(name, N)` is a pointer to an array of N. */
function number(btf: Btf, member: BtfMember | undefined): number | undefined {
  const pointer = member && btf.type(btf.resolve(member.type));
  const array = pointer?.kind === 'ptr' ? btf.type(btf.resolve(pointer.type)) : undefined;
  return array?.kind === 'array' ? array.count : undefined;
}

/** The shape of `struct event`, `union u`, `enum e`, or of a typedef or struct called `event`. */
function named(btf: Btf, map: string, type: string): Shape {
  const [, tag, name = ''] = /^(?:(struct|union|enum)\s+)?(.*)$/s.exec(type.trim()) ?? [];
  const kinds =
    tag === undefined ? (['typedef', 'struct', 'union', 'enum', 'enum64', 'int'] as const) : tagged(tag);
  const id = kinds.map(kind => btf.find(kind, name)).find(found => found !== undefined);
  if (id !== undefined) return shapeOf(btf, id);
  throw new BpfError({
    code: 'ERR_BPF_ARGUMENT',
    operation: `describe map ${map} of ${btf.subject}`,
    reason: `the object has no type ${type}`,
    hint: 'declare a variable or pointer of that type in the program, so that clang keeps it',
  });
}

function tagged(tag: string) {
  if (tag === 'enum') return ['enum', 'enum64'] as const;
  return tag === 'struct' ? (['struct'] as const) : (['union'] as const);
}

function noSuchMap(btf: Btf, name: string, maps: readonly MapModel[]): BpfError {
  return new BpfError({
    code: 'ERR_BPF_ARGUMENT',
    operation: `describe map ${name} of ${btf.subject}`,
    reason: 'the object has no map of that name',
    hint: `its maps: ${maps.map(map => map.name).join(', ') || 'none'}`,
  });
}
