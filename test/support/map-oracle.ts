/** What bpftool says of maps: bytes as they lie in the kernel. */
import { execFileSync } from 'node:child_process';
import { type MapFlags, mapFlags } from 'libbpf-ts';
import { bpftool } from './child.js';

/** What `bpftool map show` tells. */
export interface ShownMap {
  readonly type: string;
  readonly name?: string;
  readonly flags: number;
  readonly bytes_key: number;
  readonly bytes_value: number;
  readonly max_entries: number;
  readonly frozen?: number;
}

interface Entry {
  readonly key: readonly string[];
  readonly value?: readonly string[];
  readonly values?: readonly { readonly cpu: number; readonly value: readonly string[] }[];
}

/** Flags as bpftool shows them, in one number. */
export function flagBits(flags: MapFlags): number {
  return flags.reduce<number>((all, flag) => all | (typeof flag === 'number' ? flag : mapFlags[flag]), 0);
}

export function shownMap(id: number): ShownMap {
  return bpftool('map', 'show', 'id', String(id)) as ShownMap;
}

/** Entries of a map without types: the key's bytes, and the value's, or those of each CPU. */
export function dumped(id: number): [key: Buffer, ...values: Buffer[]][] {
  const entries = bpftool('map', 'dump', 'id', String(id)) as Entry[];
  return entries.flatMap(({ key, value, values }) => {
    const all = value ? [value] : (values ?? []).map(each => each.value);
    // Of an entry that user space may not read, bpftool gives an error in the value's place.
    return all.every(Array.isArray) ? [[bytesOf(key), ...all.map(bytesOf)]] : [];
  });
}

/** One value, or undefined where bpftool finds none. */
export function lookedUp(id: number, key: Uint8Array): Buffer | undefined {
  try {
    const text = run('lookup', id, key);
    return bytesOf((JSON.parse(text) as { value: readonly string[] }).value);
  } catch {
    return undefined;
  }
}

/** Has bpftool write an entry. */
export function updated(id: number, key: Uint8Array, value: Uint8Array): void {
  run('update', id, key, 'value', 'hex', ...hex(value));
}

function run(verb: string, id: number, key: Uint8Array, ...more: string[]): string {
  const args = ['-j', 'map', verb, 'id', String(id), 'key', 'hex', ...hex(key), ...more];
  return execFileSync('bpftool', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function hex(bytes: Uint8Array): string[] {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0'));
}

function bytesOf(texts: readonly string[]): Buffer {
  return Buffer.from(texts.map(text => Number.parseInt(text, 16)));
}

/** Bytes of numbers of 32 bits. */
export function words(...numbers: number[]): Buffer {
  return Buffer.from(Uint32Array.from(numbers).buffer);
}

/** Bytes of numbers of 64 bits. */
export function longs(...numbers: bigint[]): Buffer {
  return Buffer.from(BigUint64Array.from(numbers).buffer);
}
