/** The maps of a running script: made, read, cleared. */
import { bytes, map as describe } from '../../doors/codec.js';
import {
  createMap,
  type KeyValueMap,
  type MapKindName,
  type PerCpuMap,
  type RingBuffer,
} from '../../index.js';
import type { CompiledMap } from '../compile.js';
import { type MapElement, type MapValue, merge } from '../print/maps.js';
import type { Names } from '../print/names.js';
import { decode, needsNames } from '../print/values.js';
import { textBytes } from '../tables.js';
import { storageSize, type Type } from '../types/type.js';
import { textsOf } from './texts.js';

type ScriptMap = KeyValueMap<Uint8Array, Uint8Array, MapKindName> | PerCpuMap<Uint8Array, Uint8Array>;
interface Removable {
  delete(key: unknown): boolean;
}

type Made = ScriptMap | RingBuffer<Uint8Array>;

export class RunningMaps {
  readonly #described: ReadonlyMap<string, CompiledMap>;
  readonly #made: ReadonlyMap<string, Made>;

  private constructor(described: readonly CompiledMap[], made: ReadonlyMap<string, Made>) {
    this.#described = new Map(described.map(each => [each.name, each]));
    this.#made = made;
  }

  /** Makes all of them, or none. */
  static async create(described: readonly CompiledMap[]): Promise<RunningMaps> {
    const made = new Map<string, Made>();
    const maps = new RunningMaps(described, made);
    try {
      for (const each of described) made.set(each.name, await makeMap(each));
      return maps;
    } catch (error) {
      await maps.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const each of this.#made.values()) await each.close();
  }

  closeSync(): void {
    for (const each of this.#made.values()) each.closeSync();
  }

  descriptor(name: string): number {
    return this.#get(name).fd;
  }

  ring(name: string): RingBuffer<Uint8Array> {
    return this.#get(name) as RingBuffer<Uint8Array>;
  }

  /** Types of a map of the script's own. */
  types(name: string): { readonly key: Type | undefined; readonly value: Type } {
    return this.#described.get(name)?.types ?? { key: undefined, value: { kind: 'none' } };
  }

  /** Names of the script's own maps, sorted. */
  get names(): string[] {
    return [...this.#described.values()]
      .filter(({ types }) => types !== undefined)
      .map(({ name }) => name)
      .sort();
  }

  /** All its elements, unsorted. */
  async elements(name: string, names: Names): Promise<MapElement[]> {
    const { key: keyType, value: valueType } = this.types(name);
    for (const [key, values] of this.#bytes(name)) {
      if (keyType && needsNames(keyType)) await names.prepare(keyType, key, 0);
      if (needsNames(valueType)) for (const view of values) await names.prepare(valueType, view, 0);
    }
    return this.elementsNow(name, names);
  }

  /** The same at once: addresses whose names were not looked up before stay addresses. */
  elementsNow(name: string, names: Names): MapElement[] {
    const { key: keyType, value: valueType } = this.types(name);
    return this.#bytes(name).map(([key, values]) => {
      const element = keyType === undefined ? undefined : decode(keyType, key, 0, names);
      return { key: element, value: mergedValue(valueType, values, names) };
    });
  }

  #bytes(name: string): [key: DataView, values: DataView[]][] {
    const entries = [...(this.#get(name) as ScriptMap).entries()] as [
      Uint8Array,
      Uint8Array | Uint8Array[],
    ][];
    return entries.map(([key, value]) => [viewOf(key), (Array.isArray(value) ? value : [value]).map(viewOf)]);
  }

  /** One of its elements; undefined where it is not there. */
  element(name: string, key: Uint8Array, names: Names): MapValue | undefined {
    const value = (this.#get(name) as ScriptMap).get(key as never) as Uint8Array | Uint8Array[] | undefined;
    if (value === undefined) return undefined;
    return mergedValue(this.types(name).value, (Array.isArray(value) ? value : [value]).map(viewOf), names);
  }

  /** What a map without keys prints before it is assigned. */
  zeroValue(name: string, names: Names): MapValue {
    const { value } = this.types(name);
    return mergedValue(value, [new DataView(new ArrayBuffer(storageSize(value)))], names);
  }

  clear(name: string): void {
    const map = this.#get(name) as ScriptMap;
    for (const key of [...map.rawKeys()]) (map as Removable).delete(key);
  }

  zero(name: string): void {
    const map = this.#get(name) as ScriptMap;
    const value = new Uint8Array(this.#described.get(name)?.valueSize ?? 8);
    for (const key of [...map.rawKeys()]) {
      if ('setAll' in map) map.setAll(key as never, value);
      else map.set(key as never, value);
    }
  }

  /** How often something was lost, by the number of its place. */
  lost(number: number): bigint {
    const counts = this.#get('.lost') as unknown as { get(key: Uint8Array): Uint8Array[] | undefined };
    const cpus = counts.get(new Uint8Array(Uint32Array.of(number).buffer)) ?? [];
    return cpus.reduce((sum, each) => sum + viewOf(each).getBigUint64(0, true), 0n);
  }

  /** How many elements a map may have. */
  room(name: string): number {
    return this.#described.get(name)?.maxEntries ?? 0;
  }

  #get(name: string): Made {
    const found = this.#made.get(name);
    if (found === undefined) throw new TypeError(`no map ${name}`);
    return found;
  }
}

async function makeMap({
  name,
  kind,
  keySize,
  valueSize,
  maxEntries,
  isPreallocated,
  table,
}: CompiledMap): Promise<Made> {
  const kernelName = `bt_${name.replace(/\W/g, '_')}`.slice(0, 15);
  if (kind === 'ringbuf')
    return (await createMap(describe('ringbuf', undefined, bytes()), {
      name: kernelName,
      maxEntries,
    })) as Made;
  const flags = isPreallocated ? [] : (['no_prealloc'] as const);
  const description = describe(kind, bytes(keySize), bytes(valueSize));
  const made = (await createMap(description, { name: kernelName, maxEntries, flags })) as unknown as Made;
  if (table !== undefined) fill(made as unknown as Fillable, textsOf(table));
  return made;
}

interface Fillable {
  set(key: Uint8Array, value: Uint8Array): void;
}

/** A table's texts, by their numbers. */
function fill(map: Fillable, texts: readonly string[]): void {
  for (const [number, text] of texts.entries()) {
    const value = new Uint8Array(textBytes);
    new TextEncoder().encodeInto(text, value);
    map.set(new Uint8Array(Uint32Array.of(number).buffer), value);
  }
}

function viewOf(from: Uint8Array): DataView {
  return new DataView(from.buffer, from.byteOffset, from.byteLength);
}

function mergedValue(type: Type, views: readonly DataView[], names: Names): MapValue {
  if (type.kind === 'aggregate') return merge(type, views);
  const [view] = views;
  return { kind: 'value', value: view === undefined ? 0n : decode(type, view, 0, names) };
}
