/** Code that a process compiles while it runs, as it lists it in `/tmp/perf-PID.map`: Node does with --perf-basic-prof. */
import type { Stats } from 'node:fs';
import { close, closeSync, constants, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import type { AddressRanges } from './address-ranges.js';
import { PerfMapEntries } from './perf-map-entries.js';

/** An entry that has an address. */
export interface PerfMapEntry {
  /** What the line says behind its two numbers. */
  readonly text: string;
  readonly offset: number;
}

const [openFile, statFile, readFile, closeFile] = [open, fstat, read, close].map(promisify) as [
  (path: string, flags: number) => Promise<number>,
  (fd: number) => Promise<Stats>,
  (fd: number, into: Uint8Array, at: number, size: number, from: number) => Promise<{ bytesRead: number }>,
  (fd: number) => Promise<void>,
];

/** So many entries are laid flat at once: some milliseconds of this thread. */
const layerSize = 2 ** 17;
/** Read at once, and looked through before other work of this thread has its turn. */
const chunkSize = 2 ** 20;
/** A name is no longer, in bytes. */
const longestName = 4096;
const newline = 10;

/** A perf map that is read as it grows. Names stay in the file: a busy process writes hundreds of megabytes. */
export class PerfMap {
  readonly #fd: number;
  readonly #entries = new PerfMapEntries();
  /** Later ones have the newer entries, which win where code was moved or freed. */
  readonly #layers: Layer[] = [];
  #readUpTo = 0;
  #reading: Promise<void> | undefined;
  #reads = 0;
  #closed = false;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /**
   * Opens the map of a process; undefined where there is none, or where another user wrote it.
   *
   * @param path - as this process sees it
   * @param uid - the user that the process has; root may have written it as well
   */
  static async open(path: string, uid: number): Promise<PerfMap | undefined> {
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
    const fd = await openFile(path, flags).catch(() => undefined);
    if (fd === undefined) return undefined;
    const status = await statFile(fd);
    if (status.isFile() && (status.uid === uid || status.uid === 0)) return new PerfMap(fd);
    await closeFile(fd);
    return undefined;
  }

  /** In bytes, of what this keeps. */
  get size(): number {
    return this.#entries.size + this.#layers.reduce((sum, { ranges }) => sum + ranges.size, 0);
  }

  /** Reads what was written since the last time; a line that has no end yet waits. */
  async refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** The newest code that has an address. */
  async find(address: number): Promise<PerfMapEntry | undefined> {
    for (const { first, ranges } of this.#layers.toReversed()) {
      const found = ranges.find(address);
      if (found >= 0) return this.#entryAt(first + found, address);
    }
    return undefined;
  }

  /** Reads that are under way have their end first. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#reads === 0) closeSync(this.#fd);
  }

  async #read(): Promise<void> {
    const chunk = new Uint8Array(chunkSize);
    for (;;) {
      const bytesRead = await this.#readAt(this.#readUpTo, chunk);
      const used = this.#entries.add(chunk.subarray(0, bytesRead), this.#readUpTo, bytesRead === chunkSize);
      this.#readUpTo += used;
      const isEnd = used === 0;
      if (isEnd || this.#entries.count >= this.#laidFlat + layerSize) this.#layFlat();
      if (isEnd) return;
    }
  }

  /** How many bytes were read: none after close, when another file may have the descriptor's number. */
  async #readAt(place: number, into: Uint8Array): Promise<number> {
    if (this.#closed) return 0;
    this.#reads++;
    try {
      return (await readFile(this.#fd, into, 0, into.length, place)).bytesRead;
    } finally {
      this.#reads--;
      if (this.#closed && this.#reads === 0) closeSync(this.#fd);
    }
  }

  get #laidFlat(): number {
    const last = this.#layers.at(-1);
    return last ? last.first + last.count : 0;
  }

  /** The last layer takes new entries until it is full. */
  #layFlat(): void {
    for (let first = this.#openLayer(); first < this.#entries.count; first += layerSize) {
      const end = Math.min(first + layerSize, this.#entries.count);
      this.#layers.push({ first, count: end - first, ranges: this.#entries.lay(first, end) });
    }
  }

  /** Where the layer begins that is not full, which is taken away. */
  #openLayer(): number {
    const last = this.#layers.at(-1);
    if (!last || last.count === layerSize || this.#laidFlat === this.#entries.count) return this.#laidFlat;
    this.#layers.pop();
    return last.first;
  }

  async #entryAt(index: number, address: number): Promise<PerfMapEntry | undefined> {
    const bytes = new Uint8Array(longestName);
    const bytesRead = await this.#readAt(this.#entries.nameAt(index), bytes);
    if (bytesRead === 0) return undefined;
    const end = bytes.subarray(0, bytesRead).indexOf(newline);
    const text = new TextDecoder().decode(bytes.subarray(0, end < 0 ? bytesRead : end));
    return { text, offset: address - this.#entries.startAt(index) };
  }
}

interface Layer {
  /** The number of its first entry. */
  readonly first: number;
  readonly count: number;
  readonly ranges: AddressRanges;
}
