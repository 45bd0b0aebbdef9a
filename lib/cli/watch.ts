/** Doing work again whenever its files change, until Ctrl-C. */
import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Interruption } from '../command/interruption.js';

/** Editors write in several steps; this much later, in milliseconds, they have settled. */
const settle = 50;

/**
 * Runs `work` for each source, and again when one of the files that it answered changes. A failure is reported
 * and does not end it.
 */
export async function watch(
  sources: readonly string[],
  work: (source: string, signal: AbortSignal) => Promise<readonly string[]>,
  report: (error: unknown) => unknown,
): Promise<number> {
  using interruption = new Interruption(undefined);
  const { signal } = interruption;
  const once = (source: string) => work(source, signal);
  const reportUnlessOver = (error: unknown) => signal.aborted || report(error);
  const watched = sources.map(source => new Watched(source, once, reportUnlessOver));
  for (const each of watched) await each.run();
  await interruption.happened;
  await Promise.all(watched.map(each => each.close()));
  return 0;
}

/** One source with the files that it depends on. Folders are watched: a file that is replaced is another one. */
class Watched {
  readonly #source: string;
  readonly #work: (source: string) => Promise<readonly string[]>;
  readonly #report: (error: unknown) => unknown;
  #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    source: string,
    work: (source: string) => Promise<readonly string[]>,
    report: (error: unknown) => unknown,
  ) {
    this.#source = source;
    this.#work = work;
    this.#report = report;
    this.#follow([source]);
  }

  async run(): Promise<void> {
    try {
      this.#follow(await this.#work(this.#source));
    } catch (error) {
      this.#report(error);
    }
  }

  /** Ends it; what runs has ended when the promise is kept. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
    await this.#running;
  }

  /** The new watchers start before the old ones end, so that no change falls between them. */
  #follow(files: readonly string[]): void {
    const old = this.#watchers;
    const folders = new Set(files.map(file => dirname(file)));
    this.#watchers = [...folders].map(folder => {
      const names = new Set(files.filter(file => dirname(file) === folder).map(file => basename(file)));
      return watchFolder(folder, (_event, name) => name !== null && names.has(name) && this.#changed());
    });
    for (const watcher of old) watcher.close();
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(() => this.run());
    }, settle);
  }
}
