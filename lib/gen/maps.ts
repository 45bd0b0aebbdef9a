/** The maps of an object: variables of its `.maps` section, whose types say what they are. */
import { type Btf, type BtfMember, type BtfVar, CType, variablesIn } from '../btf/index.js';
import { type FormTable, type Shape, shapeOf } from '../codec/index.js';
import { argumentError } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
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
  'cgroup_array',
  'array_of_maps',
  'hash_of_maps',
  'sockmap',
  'sockhash',
  'xskmap',
]);

/** Kinds that hand over records, of which a declaration's sizes tell nothing. */
const ofRecords: ReadonlySet<MapKindName> = new Set(['ringbuf', 'user_ringbuf', 'perf_event_array']);

/** Kinds whose values are maps. */
const outer: ReadonlySet<MapKindName> = new Set(['array_of_maps', 'hash_of_maps']);

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
export function readMaps(
  btf: Btf,
  types: Readonly<Record<string, string>>,
  forms: FormTable,
): readonly MapModel[] {
  const source = { btf, types, forms };
  const declared = variablesIn(btf, '.maps').flatMap(variable => readMap(source, variable));
  const maps = [...declared, ...readStructOps(btf, forms)];
  const stray = Object.keys(types).find(name => !maps.some(map => map.name === name));
  if (stray !== undefined) throw noSuchMap(btf, stray, maps);
  return maps;
}

/** What maps are read from. */
interface Source {
  readonly btf: Btf;
  readonly types: Readonly<Record<string, string>>;
  readonly forms: FormTable;
}

/** Tables of a kernel interface; a `?` leaves them out where they are not asked for. */
const structOpsSections = ['.struct_ops', '.struct_ops.link', '?.struct_ops', '?.struct_ops.link'];

/**
 * Each of their variables is a map, whose value is the kernel's struct that it fills in (init_struct_ops_maps() in
 * libbpf.c).
 */
function readStructOps(btf: Btf, forms: FormTable): MapModel[] {
  const variables = structOpsSections.flatMap(section => variablesIn(btf, section));
  return variables.map(({ id, name }) => {
    return { name, kind: 'struct_ops' as const, key: undefined, value: shapeOf(btf, id, { forms }) };
  });
}

function readMap(source: Source, variable: BtfVar): MapModel[] {
  const { btf, types } = source;
  const { name } = variable;
  const said = Object.hasOwn(types, name) ? types[name] : tagged(btf, variable);
  const map = define(source, name, variable.type);
  if (map === undefined) return [];
  return [said === undefined ? map : { ...map, value: named(source, name, said) }];
}

/** A map by the struct that declares it: `struct { __uint(type, …); … }`. */
function define(source: Source, name: string, type: number): MapModel | undefined {
  const { btf } = source;
  const definition = btf.type(btf.resolve(type));
  if (definition.kind !== 'struct') return undefined;
  const fields = new Map(definition.members.map(member => [member.name, member]));
  const kind = mapKindName(number(btf, fields.get('type')) ?? 0) ?? 'unspec';
  const key = keyless.has(kind) ? undefined : part(source, fields, 'key', indexed.has(kind));
  const value = recordOf(source, fields, kind);
  const inner = innerOf(source, fields, kind, `${name}_inner`);
  return { name, kind, key, value, ...(inner && { inner }) };
}

/** `__array(values, struct inner)` is an array of pointers to the struct that declares an inner map. */
function innerOf(
  source: Source,
  fields: ReadonlyMap<string, BtfMember>,
  kind: MapKindName,
  name: string,
): MapModel | undefined {
  const { btf } = source;
  const values = fields.get('values');
  const array = values && btf.type(btf.resolve(values.type));
  const pointer = array?.kind === 'array' ? btf.type(btf.resolve(array.type)) : undefined;
  // The kernel nests no deeper (bpf_map_meta_alloc() in kernel/bpf/map_in_map.c), and neither does this: no declaration
  // can make it go on for ever.
  if (pointer?.kind !== 'ptr' || !outer.has(kind) || name.endsWith('_inner_inner')) return undefined;
  return define(source, name, pointer.type);
}

/** A ring's size says nothing about its records, nor does a perf buffer's value: the descriptor of an event. */
function recordOf(
  source: Source,
  fields: ReadonlyMap<string, BtfMember>,
  kind: MapKindName,
): Shape | undefined {
  if (!ofRecords.has(kind)) return part(source, fields, 'value', handles.has(kind));
  const type = recordType(source.btf, fields.get('value'));
  const record = type === undefined ? undefined : shapeOf(source.btf, type, { forms: source.forms });
  return kind === 'perf_event_array' && isDescriptor(record) ? undefined : record;
}

/**
 * What `__type(value, …)` names. `struct event[0]` names a type and has no size, so that any libbpf loads the ring
 * (parse_btf_map_def() in libbpf.c); each record is one, and may end in a flexible array.
 */
function recordType(btf: Btf, value: BtfMember | undefined): number | undefined {
  const pointer = value && btf.type(btf.resolve(value.type));
  if (pointer?.kind !== 'ptr') return undefined;
  const type = btf.type(btf.resolve(pointer.type));
  return type.kind === 'array' && type.count === 0 ? type.type : pointer.type;
}

/** `__type(value, int)` or `__type(value, __u32)`. */
function isDescriptor(shape: Shape | undefined): boolean {
  return shape?.kind === 'scalar' && /^[us]32(be)?$/.test(shape.scalar);
}

/** A key or value: `__type(key, …)`, or `__uint(key_size, …)` bytes. */
function part(
  { btf, forms }: Source,
  fields: ReadonlyMap<string, BtfMember>,
  name: 'key' | 'value',
  isInteger: boolean,
): Shape | undefined {
  const typed = fields.get(name);
  const pointer = typed && btf.type(btf.resolve(typed.type));
  if (pointer?.kind === 'ptr') return shapeOf(btf, pointer.type, { forms });
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

/** `__attribute__((btf_decl_tag("value:struct event")))` on a map says of what type its records are. */
function tagged(btf: Btf, variable: BtfVar): string | undefined {
  const tag = new CType(btf, variable.id).tags.find(({ name }) => name.startsWith('value:'));
  return tag?.name.slice('value:'.length);
}

/** The shape of `struct event`, `union u`, `enum e`, or of a typedef or struct called `event`. */
function named({ btf, forms }: Source, map: string, type: string): Shape {
  const tagless = ['', 'struct ', 'union ', 'enum '].flatMap(tag => btf.all(`${tag}${type}`));
  const [found] = tagless.filter(({ kind }) => kind !== 'func' && kind !== 'var' && kind !== 'datasec');
  if (found) return shapeOf(btf, found.id, { forms });
  throw argumentError(
    `describe map ${map} of ${btf.subject}`,
    `the object has no type ${type}`,
    'declare a variable or pointer of that type in the program, so that clang keeps it',
  );
}

function noSuchMap(btf: Btf, name: string, maps: readonly MapModel[]): BpfError {
  return argumentError(
    `describe map ${name} of ${btf.subject}`,
    'the object has no map of that name',
    `its maps: ${maps.map(map => map.name).join(', ') || 'none'}`,
  );
}
