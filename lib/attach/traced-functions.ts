/**
 * Places in user code, found by our own reader, whose offsets libbpf is given: its reader divides by what the file
 * says and follows its lists unchecked (elf_find_func_offset() and elf_sym_iter_new() in elf.c).
 */
import { constants } from 'node:os';
import {
  AmbiguousFunction,
  functionOffset,
  functionOffsets,
  matchingFunctions,
  versionedNames,
} from '../btf/find-functions.js';
import type { Elf } from '../btf/index.js';
import { argumentError } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Errno, LinkHandle, Outcome } from '../native/native.js';
import type { ErrorContext } from './attach-kind.js';
import { readTraced, tracedPath } from './traced-file.js';

/** Where to attach, or the errno that libbpf's search would give, so that the same errors and alternatives follow. */
export type Located<T> =
  | { readonly path: string; readonly places: T }
  | { readonly refusal: Outcome<LinkHandle> };

/** A function by name, as `readline` or `fmemopen@GLIBC_2.2.5`. */
export function locateFunction(context: ErrorContext, file: string, name: string): Located<bigint> {
  return located(file, (elf, path) => {
    const place = functionOffset(elf, name);
    return place === undefined
      ? absent(`symbol '${name}' in '${path}'`)
      : unambiguous(context, path, place, elf);
  });
}

/** Functions by their exact names. */
export function locateFunctions(
  context: ErrorContext,
  file: string,
  names: readonly string[],
): Located<BigUint64Array> {
  return located(file, (elf, path) => {
    const places = functionOffsets(elf, names);
    const missing = names[places.indexOf(undefined)];
    if (missing !== undefined) return absent(`symbol '${missing}' in '${path}'`);
    return BigUint64Array.from(places, place => unambiguous(context, path, place ?? 0n, elf));
  });
}

/** Functions whose names fit a pattern. */
export function locateMatching(file: string, pattern: string): Located<BigUint64Array> {
  return located(file, (elf, path) => {
    const found = matchingFunctions(elf, pattern).map(({ offset }) => offset);
    return found.length > 0 ? BigUint64Array.from(found) : absent(`symbols '${pattern}' in '${path}'`);
  });
}

/**
 * The path of a file that `use` could read.
 *
 * @throws BpfError for a damaged file.
 */
export function located<T>(
  file: string,
  use: (elf: Elf, path: string) => T | { readonly refusal: Outcome<LinkHandle> },
): Located<T> {
  const path = tracedPath(file);
  if (path === undefined) return refused(constants.errno.ENOENT, `failed to resolve full path for '${file}'`);
  try {
    const places = readTraced(path, elf => use(elf, path));
    return isRefusal(places) ? places : { path, places };
  } catch (error) {
    if (error instanceof BpfError) throw error;
    const { errno = -constants.errno.EIO, code } = error as NodeJS.ErrnoException;
    return refused(-errno, `elf: failed to open ${path}: -${code}`);
  }
}

function isRefusal(places: unknown): places is { readonly refusal: Outcome<LinkHandle> } {
  return typeof places === 'object' && places !== null && 'refusal' in places;
}

function absent(what: string) {
  return refused(constants.errno.ENOENT, `elf: failed to find ${what}`);
}

function refused(errno: number, reason: string): { readonly refusal: Outcome<LinkHandle> } {
  return { refusal: [-errno as Errno, `libbpf: ${reason}\n`] };
}

function unambiguous(
  { operation }: ErrorContext,
  path: string,
  place: bigint | AmbiguousFunction,
  elf: Elf,
): bigint {
  if (!(place instanceof AmbiguousFunction)) return place;
  const names = versionedNames(elf, place.name);
  const hint = `say which: ${names.length > 0 ? names.join(' or ') : 'by its offset in the file'}`;
  const reason = `${path} has several functions ${place.name}`;
  throw argumentError(operation, reason, hint);
}
