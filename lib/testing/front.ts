/** What stands before the addon: calls on handles of stand-ins go to their own tables, all others pass. */
import { availableParallelism } from 'node:os';
import { BpfError } from '../errors/bpf-error.js';
import { type NativeApi, putBefore } from '../native/native.js';

/** Whatever a stand-in has in the place of a native handle. */
export abstract class StandInHandle {
  /** What to call it in messages: `map counts`. */
  abstract readonly subject: string;
}

/** Calls by their native names, without `Sync`. */
// biome-ignore lint/suspicious/noExplicitAny: each has its own arguments, as the addon's function of the name has
export type Table = Readonly<Record<string, (...args: any[]) => unknown>>;

type Function = (...args: unknown[]) => unknown;

/** Buffers that a stand-in lent as mapped memory, with what takes them back. */
export const lent = new WeakMap<object, () => number>();

let isInstalled = false;

/** Begins to stand before the addon; again: nothing. */
export function install(calls: Table, jobs: Table): void {
  if (isInstalled) return;
  isInstalled = true;
  putBefore(addon => new Front(calls, jobs, addon).table);
}

/** Finds who answers a call, by its first argument. */
class Front {
  readonly table: NativeApi;
  readonly #calls: Table;
  readonly #jobs: Table;
  readonly #addon: () => NativeApi;
  readonly #known = new Map<string, Function>();

  constructor(calls: Table, jobs: Table, addon: () => NativeApi) {
    this.#calls = calls;
    this.#jobs = jobs;
    this.#addon = addon;
    this.table = new Proxy({} as NativeApi, { get: (_, name) => this.#routed(String(name)) });
  }

  #routed(name: string): Function {
    const known = this.#known.get(name) ?? ((...args) => this.#call(name, args));
    this.#known.set(name, known);
    return known;
  }

  #call(name: string, args: readonly unknown[]): unknown {
    const [first] = args;
    if (first instanceof StandInHandle) return this.#answer(name, first.subject, args);
    if (name === 'memoryRevoke' && lent.has(first as object)) return lent.get(first as object)?.();
    return this.#pass(name, args);
  }

  #answer(name: string, subject: string, args: readonly unknown[]): unknown {
    const call = this.#calls[name];
    if (call !== undefined) return call(...args);
    const job = this.#jobs[name.replace(/Sync$/, '')];
    if (job === undefined) throw unknown(name, subject);
    const answer = [job(...args), ''];
    return name.endsWith('Sync') ? answer : Promise.resolve(answer);
  }

  /** Where there is no addon, as on other systems, what does not depend on the kernel is answered here. */
  #pass(name: string, args: readonly unknown[]): unknown {
    try {
      return (this.#addon() as unknown as Record<string, Function>)[name]?.(...args);
    } catch (error) {
      const fallback = without[name];
      if (fallback === undefined || !(error instanceof BpfError)) throw error;
      return fallback(...args);
    }
  }
}

/** A watcher of nothing. */
class Watcher extends StandInHandle {
  readonly subject = 'watcher';
}

const without: Table = {
  numPossibleCpus: () => availableParallelism(),
  pageSize: () => 4096,
  watcherOpen: () => new Watcher(),
  memoryRevoke: revoke,
};

/** Detaches a buffer: views of it have no byte any more. */
export function revoke(buffer: ArrayBuffer): number {
  structuredClone(buffer, { transfer: [buffer] });
  return 0;
}

function unknown(name: string, subject: string): BpfError {
  const operation = `${name} of ${subject}`;
  const reason = 'a stand-in has no kernel behind it';
  return new BpfError({ code: 'EOPNOTSUPP', operation, reason });
}
