/** Addresses of one process: what it has mapped, what it had mapped before, and the code that it compiled itself. */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BpfError } from '../errors/bpf-error.js';
import type { FileCache } from './file-cache.js';
import { FileSymbols } from './file-symbols.js';
import type { FoundSymbol } from './found-symbol.js';
import { openMapped } from './mapped-file.js';
import { PerfMap, type PerfMapEntry } from './perf-map.js';
import { readOwner } from './process-identity.js';
import { findMapping, type Mapping, parseMaps } from './process-maps.js';
import { SourceMaps } from './source-maps.js';

/** An address, as far as its process tells of it. */
export interface ProcessPlace {
  readonly mapping: Mapping;
  readonly symbol?: FoundSymbol | undefined;
  readonly jit?: PerfMapEntry | undefined;
}

/** So many older states of its mappings are kept: a program that it replaced by exec, libraries that it closed. */
const mostGenerations = 8;

/** One process, alive or not. */
export class ProcessSymbols {
  readonly pid: number;
  readonly startTime: string | undefined;
  readonly sourceMaps: SourceMaps;
  readonly #root: string;
  readonly #files: FileCache;
  /** The newest first. */
  #generations: (readonly Mapping[])[] = [];
  #newest = '';
  /** By the text that tells a mapped file from others. */
  readonly #mapped = new Map<string, Promise<FileSymbols | undefined>>();
  /** Files that could not be opened: the next look at the process tries again, for descriptors may have been short. */
  readonly #missing = new Set<string>();
  #closed = false;
  #perfMap: PerfMap | undefined;
  #opening: Promise<void> | undefined;
  /** Of the present look at the process. */
  #perfMapRead: Promise<void> | undefined;

  constructor(pid: number, startTime: string | undefined, files: FileCache) {
    this.pid = pid;
    this.startTime = startTime;
    this.#root = `/proc/${pid}/root`;
    this.#files = files;
    this.sourceMaps = new SourceMaps(this.#root);
  }

  /**
   * Looks at the process again; what was seen before stays known where it has ended.
   *
   * @throws BpfError `EACCES` where this process may not look into that one (ptrace(2)).
   */
  async refresh(): Promise<void> {
    const text = await readFile(`/proc/${this.pid}/maps`, 'utf8').catch(cause => this.#mapsRefused(cause));
    this.#perfMapRead = undefined;
    for (const key of this.#missing) this.#mapped.delete(key);
    this.#missing.clear();
    if (text === '' || text === this.#newest) return;
    this.#newest = text;
    this.#generations = [parseMaps(text), ...this.#generations].slice(0, mostGenerations);
  }

  /** Reads the symbols of all files that are mapped to be run: they are known when the process has ended. */
  async readAll(): Promise<void> {
    await this.refresh();
    const code = (this.#generations[0] ?? []).filter(({ isExecutable }) => isExecutable);
    await Promise.all(code.map(mapping => this.#symbolsOf(mapping)));
    await this.#readPerfMap();
  }

  async find(address: bigint): Promise<ProcessPlace | undefined> {
    for (const generation of this.#generations) {
      const mapping = findMapping(generation, address);
      if (mapping) return this.#placeIn(mapping, address);
    }
    return undefined;
  }

  /** What is being read goes on to its end. */
  close(): void {
    this.#closed = true;
    this.#perfMap?.close();
    this.#perfMap = undefined;
  }

  async #placeIn(mapping: Mapping, address: bigint): Promise<ProcessPlace> {
    const symbols = await this.#symbolsOf(mapping);
    const symbol = symbols?.find(address - mapping.start + mapping.offset);
    // A compiler's memory may be a file as well, which is no ELF file: /dev/zero, or one of memfd_create().
    if (symbols || !mapping.isExecutable) return { mapping, symbol };
    await this.#readPerfMap();
    return { mapping, jit: await this.#perfMap?.find(Number(address)) };
  }

  #symbolsOf(mapping: Mapping): Promise<FileSymbols | undefined> {
    const key = [mapping.device, mapping.inode, mapping.path].join(' ');
    const known = this.#mapped.get(key);
    if (known) return known;
    const reading = this.#read(mapping).then(symbols => {
      if (!symbols) this.#missing.add(key);
      return symbols;
    });
    this.#mapped.set(key, reading);
    return reading;
  }

  async #read(mapping: Mapping): Promise<FileSymbols | undefined> {
    const reading = mapping.path === '[vdso]' ? this.#readVdso(mapping) : this.#readFile(mapping);
    return reading.catch(() => undefined);
  }

  async #readFile(mapping: Mapping): Promise<FileSymbols | undefined> {
    if (mapping.inode === '0') return undefined;
    const handle = await openMapped(this.pid, mapping);
    if (!handle) return undefined;
    try {
      return await this.#files.read(handle, mapping.path, this.#root);
    } finally {
      await handle.close();
    }
  }

  /** The kernel's page of functions is an ELF file that is in memory alone. */
  async #readVdso({ start, end }: Mapping): Promise<FileSymbols | undefined> {
    const memory = await open(`/proc/${this.pid}/mem`).catch(() => undefined);
    try {
      const image = new Uint8Array(Number(end - start));
      await memory?.read(image, 0, image.length, Number(start));
      return await FileSymbols.of(image, '[vdso]');
    } catch {
      return undefined;
    } finally {
      await memory?.close();
    }
  }

  #readPerfMap(): Promise<void> {
    this.#perfMapRead ??= this.#refreshPerfMap();
    return this.#perfMapRead;
  }

  async #refreshPerfMap(): Promise<void> {
    // Calls that run at once open it once.
    if (!this.#perfMap) this.#opening ??= this.#openPerfMap();
    await this.#opening;
    await this.#perfMap?.refresh();
  }

  async #openPerfMap(): Promise<void> {
    const owner = await readOwner(this.pid);
    const path = owner && join(this.#root, `tmp/perf-${owner.ownPid}.map`);
    const opened = path === undefined ? undefined : await PerfMap.open(path, owner?.uid ?? 0);
    this.#opening = undefined;
    if (this.#closed) opened?.close();
    else this.#perfMap = opened;
  }

  #mapsRefused(cause: NodeJS.ErrnoException): string {
    const { code = 'EIO' } = cause;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw new BpfError({
      code,
      operation: `name addresses of process ${this.pid}`,
      reason: 'what it has mapped cannot be read',
      hint: code === 'EACCES' || code === 'EPERM' ? 'that needs its own user, or CAP_SYS_PTRACE' : undefined,
      cause,
    });
  }
}
