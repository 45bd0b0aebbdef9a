/** Names of what is only a number in the kernel: addresses, users, times, stacks. Looked up first, then read at once. */

import { type Type, tupleOffsets } from '../types/type.js';
import { formatTime } from './time.js';
import { Named, type TraceValue } from './value.js';

/** How each is looked up. One that needs the machine answers a promise; all of one record are asked for before it is read. */
export interface NameSource {
  readonly kernel: (addresses: readonly bigint[]) => Promise<readonly AddressName[]>;
  readonly process: (pid: number, addresses: readonly bigint[]) => Promise<readonly AddressName[]>;
  readonly user: (id: number) => string;
  readonly cgroup: (id: bigint) => string;
  /** Nanoseconds since boot as nanoseconds since 1970. */
  readonly wallTime: (boot: bigint) => bigint;
}

/** The name of an address, or what stands for one. */
export interface AddressName {
  readonly name: string | undefined;
  readonly offset: number;
  readonly module: string | undefined;
}

export class Names {
  readonly #source: NameSource;
  readonly #kernel = new Map<bigint, AddressName>();
  readonly #processes = new Map<number, Map<bigint, AddressName>>();

  constructor(source: NameSource) {
    this.#source = source;
  }

  /** Looks up all that a value needs. */
  async prepare(type: Type, view: DataView, at: number): Promise<void> {
    if (type.kind === 'tuple') {
      const offsets = tupleOffsets(type);
      for (const [index, item] of type.items.entries())
        await this.prepare(item, view, at + (offsets[index] ?? 0));
      return;
    }
    if (type.kind === 'ksym') await this.#prepareKernel([view.getBigUint64(at, true)]);
    if (type.kind === 'kstack') await this.#prepareKernel(framesAt(view, at));
    if (type.kind === 'usym')
      await this.#prepareProcess(Number(view.getBigUint64(at + 8, true)), [view.getBigUint64(at, true)]);
    if (type.kind === 'ustack')
      await this.#prepareProcess(Number(view.getBigUint64(at, true)), framesAt(view, at));
  }

  decode(type: Type, view: DataView, at: number): TraceValue {
    switch (type.kind) {
      case 'usym': {
        const address = view.getBigUint64(at, true);
        return new Named(
          symbolText(this.#userName(Number(view.getBigUint64(at + 8, true)), address), address),
        );
      }
      case 'kstack':
        return this.#stack(type.mode, framesAt(view, at), address => this.#kernel.get(address));
      case 'ustack': {
        const pid = Number(view.getBigUint64(at, true));
        return this.#stack(type.mode, framesAt(view, at), address => this.#userName(pid, address));
      }
      case 'inet':
        return new Named(inetText(view, at));
      default:
        return 0n;
    }
  }

  scalar(type: Type, word: bigint): TraceValue {
    switch (type.kind) {
      case 'ksym':
        return new Named(symbolText(this.#kernel.get(word), word));
      case 'username':
        return new Named(this.#source.user(Number(word)));
      case 'timestamp':
        return new Named(formatTime(type.format, this.#source.wallTime(word)));
      case 'cgroup_path':
        return new Named(this.#source.cgroup(word));
      default:
        return new Named(macText(word));
    }
  }

  async #prepareKernel(addresses: readonly bigint[]): Promise<void> {
    const missing = addresses.filter(each => !this.#kernel.has(each));
    if (missing.length === 0) return;
    const found = await this.#source.kernel(missing);
    for (const [at, address] of missing.entries()) {
      const name = found[at];
      if (name !== undefined) this.#kernel.set(address, name);
    }
  }

  async #prepareProcess(pid: number, addresses: readonly bigint[]): Promise<void> {
    const known = this.#processes.get(pid) ?? new Map<bigint, AddressName>();
    this.#processes.set(pid, known);
    const found = await this.#source.process(pid, addresses);
    for (const [at, address] of addresses.entries()) {
      const name = found[at];
      if (name?.name !== undefined || !known.has(address))
        known.set(address, name ?? { name: undefined, offset: 0, module: undefined });
    }
  }

  #userName(pid: number, address: bigint): AddressName | undefined {
    return this.#processes.get(pid)?.get(address);
  }

  #stack(
    mode: string,
    frames: readonly bigint[],
    nameOf: (address: bigint) => AddressName | undefined,
  ): TraceValue {
    const lines = frames.map(address => frameText(mode, address, nameOf(address)));
    return new Named(`\n${lines.map(line => `${line}\n`).join('')}`);
  }
}

function framesAt(view: DataView, at: number): bigint[] {
  const count = Math.floor(Number(view.getBigUint64(at + 8, true)) / 8);
  return Array.from({ length: count }, (_, index) => view.getBigUint64(at + 16 + index * 8, true));
}

function frameText(mode: string, address: bigint, name: AddressName | undefined): string {
  const hex = address.toString(16);
  if (mode === 'raw') return hex;
  const text = name?.name === undefined ? `0x${hex}` : `${name.name}+${name.offset}`;
  if (mode !== 'perf') return `        ${text}`;
  return `\t${hex} ${text}${name?.module?.startsWith('/') ? ` (${name.module})` : ''}`;
}

function symbolText(name: AddressName | undefined, address: bigint): string {
  if (name?.name !== undefined) return name.name;
  return address === 0n ? '0' : `0x${address.toString(16)}`;
}

function macText(word: bigint): string {
  const bytes = Array.from({ length: 6 }, (_, at) => (word >> BigInt(at * 8)) & 0xffn);
  return bytes.map(byte => byte.toString(16).toUpperCase().padStart(2, '0')).join(':');
}

const ipv4 = 2n;

function inetText(view: DataView, at: number): string {
  const bytes = Array.from({ length: 16 }, (_, index) => view.getUint8(at + 8 + index));
  if (view.getBigUint64(at, true) === ipv4) return bytes.slice(0, 4).join('.');
  const words = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return shortened(words, bytes);
}

/** The longest run of zeros is `::`; an IPv4 address in IPv6 ends as one (inet_ntop(3)). */
function shortened(words: readonly string[], bytes: readonly number[]): string {
  const isMapped = words.slice(0, 5).every(word => word === '0') && words[5] === 'ffff';
  if (isMapped) return `::ffff:${bytes.slice(12).join('.')}`;
  const text = `:${words.join(':')}:`;
  const runs = [...text.matchAll(/(?::0)+(?=:)/g)]
    .filter(([run]) => run.length > 2)
    .sort((a, b) => b[0].length - a[0].length);
  const [longest] = runs;
  if (longest === undefined) return words.join(':');
  const [before, after] = [
    text.slice(1, longest.index),
    text.slice(longest.index + longest[0].length + 1, -1),
  ];
  return `${before}::${after}`;
}
