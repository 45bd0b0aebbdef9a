/** Symbols of files, read once however many processes map them. */
import type { FileHandle } from 'node:fs/promises';
import { openDebugFile } from './debug-file.js';
import { FileSymbols } from './file-symbols.js';
import { identityOf } from './mapped-file.js';

/** What remembering a file takes that has no symbols, in bytes and about. */
const leastSize = 1024;

/** Keeps the symbols of the files that were asked for last, up to a number of bytes. */
export class FileCache {
  readonly #most: number;
  /** By what tells files apart; the one that was used last is at the end. */
  readonly #files = new Map<string, Promise<FileSymbols | undefined>>();
  readonly #byBuildId = new Map<string, string>();
  readonly #sizes = new Map<string, number>();
  #size = 0;

  /** @param most - bytes of symbols that are kept */
  constructor(most: number) {
    this.#most = most;
  }

  /** In bytes, of all that is kept. */
  get size(): number {
    return this.#size;
  }

  /**
   * The symbols of an open file, which the caller closes; undefined where it is no ELF file, or is damaged.
   *
   * @param path - as its process sees it
   * @param root - of the file system of that process
   */
  async read(handle: FileHandle, path: string, root: string): Promise<FileSymbols | undefined> {
    const identity = await identityOf(handle);
    const known = this.#use(identity);
    if (known) return known;
    const reading = FileSymbols.read(handle, path, link => openDebugFile(link, path, [root, ''])).catch(
      () => undefined,
    );
    this.#files.set(identity, reading);
    this.#keep(identity, await reading);
    return reading;
  }

  /** Of a file that was read before, by its build id. */
  async byBuildId(id: string): Promise<FileSymbols | undefined> {
    return this.#use(this.#byBuildId.get(id) ?? '');
  }

  clear(): void {
    for (const each of [this.#files, this.#byBuildId, this.#sizes]) each.clear();
    this.#size = 0;
  }

  #use(identity: string): Promise<FileSymbols | undefined> | undefined {
    const known = this.#files.get(identity);
    if (!known) return undefined;
    this.#files.delete(identity);
    this.#files.set(identity, known);
    return known;
  }

  #keep(identity: string, symbols: FileSymbols | undefined): void {
    if (symbols?.buildId !== undefined) this.#byBuildId.set(symbols.buildId, identity);
    const size = leastSize + (symbols?.size ?? 0);
    this.#sizes.set(identity, size);
    this.#size += size;
    for (const oldest of this.#files.keys()) {
      if (this.#size <= this.#most || oldest === identity) return;
      this.#forget(oldest);
    }
  }

  #forget(identity: string): void {
    this.#files.delete(identity);
    this.#size -= this.#sizes.get(identity) ?? 0;
    this.#sizes.delete(identity);
    for (const [id, file] of this.#byBuildId) if (file === identity) this.#byBuildId.delete(id);
  }
}
