/** What goes wrong in codecs: a value that its C type cannot hold, a record that is too short. */
import { argumentError } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Codec } from './codec.js';

/** A value that does not fit: knows the path to the member, which grows as the error leaves each struct. */
export class ValueError extends BpfError {
  readonly #path: string;
  readonly #problem: string;
  readonly #remedy: string | undefined;

  constructor(type: string, path: string, problem: string, remedy?: string) {
    const reason = path === '' ? problem : `${path} ${problem}`;
    super({ code: 'ERR_BPF_VALUE', operation: `write ${type}`, reason, hint: remedy });
    this.#path = path;
    this.#problem = problem;
    this.#remedy = remedy;
  }

  /** The same problem seen from the type around: `[2].pid` of `struct event`. */
  within(type: string, step: string): ValueError {
    const joint = this.#path === '' || this.#path.startsWith('[') ? '' : '.';
    return new ValueError(type, `${step}${joint}${this.#path}`, this.#problem, this.#remedy);
  }
}

/** `write u8: ERR_BPF_VALUE, takes 0 to 255, got 300`. */
export function unfit(type: string, takes: string, given: unknown, remedy?: string): ValueError {
  return new ValueError(type, '', `takes ${takes}, got ${shown(given)}`, remedy);
}

/** Adds a step to the path of a value that does not fit; other errors stay as they are. */
export function within(error: unknown, type: string, step: string): unknown {
  return error instanceof ValueError ? error.within(type, step) : error;
}

/** `read struct event: ERR_BPF_RECORD, needs 40 bytes, got 12`. */
export function shortRecord(type: string, size: number, given: number): BpfError {
  const reason = `needs ${size} bytes, got ${Math.max(given, 0)}`;
  const hint = 'the record is of another type, or the program was rebuilt since its types were generated';
  return new BpfError({ code: 'ERR_BPF_RECORD', operation: `read ${type}`, reason, hint });
}

/** `write struct event: ERR_BPF_RECORD, needs 40 bytes, got 12`. */
export function shortRoom(type: string, size: number, given: number): BpfError {
  const reason = `needs ${size} bytes, got ${Math.max(given, 0)}`;
  return new BpfError({ code: 'ERR_BPF_RECORD', operation: `write ${type}`, reason });
}

/** A value in an error message: short, and told from others that print alike. */
function shown(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return clipped(JSON.stringify(value));
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return clipped(String(value));
}

function clipped(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** @throws BpfError `ERR_BPF_ARGUMENT` for what is no codec */
export function requireCodec(operation: string, given: unknown): void {
  const { read } = (given ?? {}) as Partial<Codec<unknown>>;
  if (typeof read !== 'function') throw argumentError(operation, `it takes a codec, not ${shown(given)}`);
}
