/**
 * Parts that most applications never need, as what explains a rejected program: modules of their own, which bundlers keep
 * apart and which are loaded when they are asked for.
 */
import { fileURLToPath } from 'node:url';
import { BpfError } from '../errors/bpf-error.js';
import { ownFile, requireHere, surroundingPackage } from '../package.js';
import { type Flow, run, runSync } from './flow.js';

/** A part, by the name of its module in `lib`; the build writes it to `dist` under that name. */
export class OnDemand<Part extends object> {
  readonly #name: string;
  readonly #import: () => Promise<Part>;
  #part: Part | undefined;
  /** Why it is not here. */
  #cause: unknown;

  constructor(name: string, load: () => Promise<Part>) {
    this.#name = name;
    this.#import = load;
  }

  /** Loads it ahead of need. */
  async load(): Promise<void> {
    this.#part ??= await this.#import();
  }

  /**
   * The part; undefined where it cannot be had: its file is out of reach, or it was not loaded before a call that may not
   * wait, in an application's bundle.
   */
  *find(): Flow<Part | undefined> {
    if (this.#part !== undefined) return this.#part;
    try {
      this.#part = (yield { later: this.#import, now: () => requirePart(this.#name) }) as Part;
    } catch (cause) {
      this.#cause = cause;
    }
    return this.#part;
  }

  /** {@link find}, for what cannot be done without. @throws BpfError `ERR_BPF_PART` */
  *need(operation: string): Flow<Part> {
    const part = yield* this.find();
    if (part !== undefined) return part;
    const reason = `${this.#name} of libbpf-ts is not loaded`;
    throw new BpfError({ code: 'ERR_BPF_PART', operation, reason, hint: partHint, cause: this.#cause });
  }

  /** {@link need} for what waits anyway. */
  wait(operation: string): Promise<Part> {
    return run(this.need(operation));
  }

  /** {@link need} for what cannot wait. */
  now(operation: string): Part {
    return runSync(this.need(operation));
  }
}

/** What to do where a part is not there. */
export const partHint =
  'await preload() at the start: calls that do not wait cannot load parts of a bundle, nor can a process without access to its files';

/** The same file that `import()` would load: Node has one instance of a module for both. */
function requirePart(name: string): unknown {
  const own = ownFile();
  const folder = surroundingPackage();
  if (folder === undefined) throw new Error('this code is bundled');
  const ending = own.endsWith('.cjs') ? 'cjs' : 'js';
  return requireHere()(fileURLToPath(new URL(`dist/${name}.${ending}`, folder)));
}
