/** Functions and tracepoints by a pattern, as `u:/lib/libc.so.6:str*`. */
import { readFileSync } from 'node:fs';
import { Elf, matchingFunctions } from 'libbpf-ts/btf';
import { listTraceProbes } from 'libbpf-ts/trace';

/** Where programs are attached; the number of each is its cookie. */
export interface Places {
  readonly kind: 'file' | 'tracepoint';
  /** The file, or the category of tracepoints. */
  readonly of: string;
  readonly names: readonly string[];
  /** Of functions of a file. */
  readonly offsets: readonly number[];
}

export const patternHelp = 'u:FILE:FUNCTION or t:CATEGORY:TRACEPOINT, with * and ?, in quotes';

/** @throws TypeError where no pattern was given, it cannot be read, or nothing fits it */
export function placesOf(pattern: string | undefined): Places {
  if (pattern === undefined) throw new TypeError(`--functions is needed: ${patternHelp}`);
  const [kind = '', of = '', name = '', ...more] = pattern.split(':');
  const find = finders[kind];
  if (find === undefined || of === '' || name === '' || more.length > 0)
    throw new TypeError(`--functions takes ${patternHelp}; not ${pattern}`);
  const places = find(of, name);
  if (places.names.length === 0) throw new TypeError(`nothing fits ${pattern}`);
  return places;
}

const finders: Readonly<Record<string, (of: string, pattern: string) => Places>> = {
  u(of, pattern) {
    const found = new Map<number, string>();
    // Of several names of one function, the first one.
    for (const { name, offset } of matchingFunctions(Elf.parse(readFileSync(of), of), pattern))
      if (!found.has(Number(offset))) found.set(Number(offset), name);
    return { kind: 'file', of, names: [...found.values()], offsets: [...found.keys()] };
  },
  t(of, pattern) {
    const found = listTraceProbes(`tracepoint:${of}:${pattern}`);
    const names = found.map(each => each.slice(each.lastIndexOf(':') + 1));
    return { kind: 'tracepoint', of, names, offsets: [] };
  },
};

/** A cookie for each. */
export function cookiesOf({ names }: Places): bigint[] {
  return names.map((_, at) => BigInt(at));
}
