/**
 * What an object contains, with its types: the one form that generated modules spell out, that reading an
 * object's BTF at run time yields, and that the live half turns into maps, programs and globals. Pure data.
 */
import type { Codec } from '../codec/codec.js';
import type { MapKindName } from '../kinds/map-kinds.js';

/** One map: its kind, and how its keys and values are read and written. */
export interface MapDescription<
  Kind extends MapKindName = MapKindName,
  K = unknown,
  V = unknown,
  Inner = unknown,
> {
  readonly kind: Kind;
  /** Absent where the kind has no key, as a ring buffer. */
  readonly key?: Codec<K> | undefined;
  /** Of a ring buffer: its records. Absent where the object does not say. */
  readonly value?: Codec<V> | undefined;
  /** Of a map of maps: its inner maps. */
  readonly inner?: Inner | undefined;
}

/** The object's bytes, and the digest that they must have. */
export interface ObjectSource {
  /** Hexadecimal SHA-256 of the object; checked when it is opened. Absent: not checked. */
  readonly sha256?: string;
  /** The object file, read once. */
  readonly bytes: () => Uint8Array;
}

/** An object: where its bytes are, its programs by name, its maps by name, its globals by section. */
export interface Description {
  /** libbpf's name of the object: the file's name without `.bpf.o`. */
  readonly name: string;
  /** Program name to section, as `tp/sched/sched_process_exec`. */
  readonly programs: Readonly<Record<string, string>>;
  /** What syscall programs are given, by program, where their source says a struct. */
  // biome-ignore lint/suspicious/noExplicitAny: each program's own
  readonly contexts?: Readonly<Record<string, Codec<any>>> | undefined;
  /** Maps declared by the object; not the hidden ones behind its globals. */
  // biome-ignore lint/suspicious/noExplicitAny: keys and values are each map's own
  readonly maps: Readonly<Record<string, MapDescription<MapKindName, any, any, any>>>;
  /**
   * Globals by section without its dot: `rodata`, `data`, `bss`, `rodata.tuning`; `arena` for those in an arena. Each a
   * struct of variables.
   */
  // biome-ignore lint/suspicious/noExplicitAny: each section's own variables
  readonly globals: Readonly<Record<string, Codec<any>>>;
  /** Functions and variables of the kernel that the object uses by name; a weak one may be missing there. */
  readonly ksyms?: Readonly<Record<string, KernelSymbolKind>> | undefined;
  readonly object: ObjectSource;
}

/** What a kernel symbol is, and whether the object loads without it. */
export type KernelSymbolKind = 'function' | 'variable' | 'weak function' | 'weak variable';

/** Describes one map, with its inner maps where it has some; generated modules call it. */
export function map<Kind extends 'array_of_maps' | 'hash_of_maps', K, Inner extends MapDescription>(
  kind: Kind,
  key: Codec<K> | undefined,
  inner: Inner,
): MapDescription<Kind, K, number, Inner>;
export function map<Kind extends MapKindName, K = never, V = never>(
  kind: Kind,
  key?: Codec<K>,
  value?: Codec<V>,
): MapDescription<Kind, K, V>;
export function map(
  kind: MapKindName,
  key?: Codec<unknown>,
  value?: Codec<unknown> | MapDescription,
): MapDescription {
  if (value !== undefined && 'kind' in value) return { kind, key, inner: value };
  return { kind, key, value: value as Codec<unknown> | undefined };
}
