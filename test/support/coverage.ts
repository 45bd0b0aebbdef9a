/** Which code of the pure rooms an input reached, as V8 counts it: what guides damage to where it has not been. */
import { type Profiler, Session } from 'node:inspector';

const rooms = /\/lib\/(btf|codec|gen)\//;

/** Remembers each way through a function that some input took. */
export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Ways through functions so far. */
  get ways(): number {
    return this.#seen.size;
  }

  /** True when something since the last time went a way that nothing went before. */
  isNew(): boolean {
    const before = this.#seen.size;
    for (const { url, functions } of this.#take().filter(script => rooms.test(script.url)))
      for (const { ranges } of functions) this.#add(url, ranges);
    return this.#seen.size > before;
  }

  stop(): void {
    this.#session.disconnect();
  }

  /** A function's first range is its body, those behind with no count are what was left out. */
  #add(url: string, ranges: readonly Profiler.CoverageRange[]): void {
    const [body] = ranges;
    if (!body?.count) return;
    const leftOut = ranges.filter(({ count }) => count === 0).map(({ startOffset }) => startOffset);
    this.#seen.add(`${url} ${body.startOffset} ${leftOut}`);
  }

  /** The session answers before `post` returns: it is this thread's own. */
  #take(): Profiler.ScriptCoverage[] {
    let found: Profiler.ScriptCoverage[] = [];
    this.#session.post('Profiler.takePreciseCoverage', (_, { result }) => {
      found = result;
    });
    return found;
  }
}
