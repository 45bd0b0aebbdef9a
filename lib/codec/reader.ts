/** The emitter: turns codecs into one straight-line function, or runs them as closures where code generation is off. */
import type { Codec } from './codec.js';
import { shortRecord } from './faults.js';

/** What a codec is made of; {@link inline} adds `read`. */
export interface Parts<T> {
  readonly type: string;
  readonly size: number;
  readonly flexible?: boolean;
  /**
   * A JavaScript expression that reads the value `at` bytes past `o` from the DataView `v`; a flexible tail ends at
   * `end`. It checks no bounds: the function around it did.
   */
  readonly source: (at: number, end: string, scope: Scope) => string;
  /** The same as a closure. */
  readonly take: (view: DataView, offset: number, end: number) => T;
  write(view: DataView, offset: number, value: T): void;
  /** As `write`, but leaves padding alone: what is around has cleared it, or a union's other member is there. */
  put?(view: DataView, offset: number, value: T): void;
  /** Bytes that this value needs; absent where that is always `size`. */
  sizeFor?(value: T): number;
}

/** A codec that can be emitted as part of another's reader. */
export interface InlineCodec<T> extends Codec<T>, Parts<T> {
  readonly flexible: boolean;
}

type Read<T> = Codec<T>['read'];

/** Makes a codec whose reader is compiled when it first reads. */
export function inline<T, Extra extends object = object>(parts: Parts<T> & Extra): InlineCodec<T> & Extra {
  const codec = {
    flexible: false,
    ...parts,
    read(view: DataView, offset: number, end: number): T {
      codec.read = compile(parts);
      return codec.read(view, offset, end);
    },
  };
  return codec;
}

/** Any codec as one that can be emitted: those of other makers are called. */
export function emittable<T>(codec: Codec<T>): Parts<T> {
  if ('source' in codec) return codec as InlineCodec<T>;
  const { type, size, flexible } = codec;
  return {
    type,
    size,
    flexible,
    source: (at, end, scope) => `${scope.constant(codec)}.read(v, o + ${at}, ${end})`,
    take: (view, offset, end) => codec.read(view, offset, end),
    write: (view, offset, value) => codec.write(view, offset, value),
  };
}

/** Writes a part of a larger value, whose padding is zero already. */
export function put<T>(codec: Parts<T>, view: DataView, offset: number, value: T): void {
  if (codec.put) codec.put(view, offset, value);
  else codec.write(view, offset, value);
}

/** Outer values that emitted code refers to, by the names it uses for them. */
export class Scope {
  readonly #names = new Map<unknown, string>();
  /** Members emitted so far; see {@link roomFor}. */
  #members = 0;

  /** A name for the value in emitted code. */
  constant(value: unknown): string {
    const name = this.#names.get(value) ?? `k${this.#names.size}`;
    this.#names.set(value, name);
    return name;
  }

  /** True while one function may still grow by so many members; beyond, nested structs are called instead. */
  roomFor(members: number): boolean {
    this.#members += members;
    return this.#members <= 1000;
  }

  get names(): readonly string[] {
    return [...this.#names.values()];
  }

  get values(): readonly unknown[] {
    return [...this.#names.keys()];
  }
}

function compile<T>(parts: Parts<T>): Read<T> {
  const { type, size } = parts;
  const short = (given: number) => shortRecord(type, size, given);
  const scope = new Scope();
  const check = `if (!(e - o >= ${size})) throw short(e - o);`;
  const body = `return (v, o, e) => { ${check} return ${parts.source(0, 'e', scope)}; };`;
  try {
    return new Function('short', ...scope.names, body)(short, ...scope.values) as Read<T>;
  } catch (error) {
    if (error instanceof EvalError) return interpret(parts);
    throw error;
  }
}

/** @internal The reader of environments without code generation; exported so that tests can compare the two. */
export function interpret<T>({ type, size, take }: Parts<T>): Read<T> {
  return (view, offset, end) => {
    if (!(end - offset >= size)) throw shortRecord(type, size, end - offset);
    return take(view, offset, end);
  };
}
