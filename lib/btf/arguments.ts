/** What a caller may have meant: arguments that cannot be, refused with what is known instead. */
import { BpfError } from '../errors.js';

/** An error of an argument, before anything is done. */
export function argumentError(operation: string, reason: string, hint?: string): BpfError {
  return new BpfError({ code: 'ERR_BPF_ARGUMENT', operation, reason, hint });
}

/**
 * Options: an object whose names are all known.
 *
 * @param elsewhere - what to say of a name that means something in another place
 * @throws BpfError `ERR_BPF_ARGUMENT` with the nearest name
 */
export function requireOptions(
  operation: string,
  given: unknown,
  known: readonly string[],
  elsewhere: (name: string) => string | undefined = () => undefined,
): void {
  if (given === undefined) return;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw argumentError(operation, `options are an object, not ${shown(given)}`);
  const stray = Object.keys(given).find(name => !known.includes(name));
  if (stray === undefined) return;
  const hint = elsewhere(stray) ?? meant(stray, known);
  throw argumentError(operation, `there is no option ${stray}; there are ${known.join(', ')}`, hint);
}

/** A string that is not empty. @throws BpfError `ERR_BPF_ARGUMENT` */
export function requireText(operation: string, what: string, given: unknown): void {
  if (typeof given === 'string' && given !== '') return;
  throw argumentError(operation, `${what} is a string, not ${shown(given)}`);
}

/** An integer within bounds. @throws BpfError `ERR_BPF_ARGUMENT` */
export function requireInteger(operation: string, what: string, given: unknown, most = 0xffff_ffff): void {
  if (Number.isInteger(given) && (given as number) >= 0 && (given as number) <= most) return;
  throw argumentError(operation, `${what} is an integer from 0 to ${most}, not ${shown(given)}`);
}

/** Bytes. @throws BpfError `ERR_BPF_ARGUMENT` */
export function requireBytes(operation: string, what: string, given: unknown): void {
  if (given instanceof Uint8Array) return;
  throw argumentError(operation, `${what} is a Uint8Array, not ${shown(given)}`);
}

/** Something with members. @throws BpfError `ERR_BPF_ARGUMENT` */
export function requireObject(operation: string, what: string, given: unknown): void {
  if (typeof given === 'object' && given !== null) return;
  throw argumentError(operation, `${what}, not ${shown(given)}`);
}

/** A list. @throws BpfError `ERR_BPF_ARGUMENT` */
export function requireList(operation: string, what: string, given: unknown): void {
  if (!Array.isArray(given)) throw argumentError(operation, `${what}: a list, not ${shown(given)}`);
}

/** Something of a class, told by one of its methods. @throws BpfError `ERR_BPF_ARGUMENT` */
export function requireMethod(operation: string, given: unknown, method: string, what: string): void {
  const { [method]: found } = (given ?? {}) as Record<string, unknown>;
  if (typeof found !== 'function') throw argumentError(operation, `${what}, not ${shown(given)}`);
}

/** A path, a `file:` URL or bytes. @throws BpfError `ERR_BPF_ARGUMENT` */
export function requireFile(operation: string, given: unknown): void {
  if (given instanceof URL || given instanceof Uint8Array) return;
  requireText(operation, 'a file', given);
}

/** The path of a pin, or an object with a number of the kernel's or a descriptor. @throws BpfError `ERR_BPF_ARGUMENT` */
export function requirePlace(operation: string, given: unknown): void {
  if (typeof given === 'string') return;
  const isPlace = typeof given === 'object' && given !== null && ('id' in given || 'fd' in given);
  if (!isPlace) throw argumentError(operation, `give a path, { id } or { fd }, not ${shown(given)}`);
}

/** A value in a message: short, and never its own code. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** `was it … that you meant?`, where a known name is near enough. */
export function meant(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known);
  return near === undefined ? undefined : `is ${near} meant?`;
}

/** The known name that takes the fewest changes, up to a third of its letters. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const [first] = known
    .map(each => ({ each, changes: changesBetween(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, changes }) => changes <= Math.max(1, Math.ceil(each.length / 3)))
    .sort((one, other) => one.changes - other.changes);
  return first?.each;
}

/** Levenshtein's distance, a row at a time; letters that changed places are one change. */
function changesBetween(one: string, other: string): number {
  if (one !== other && sorted(one) === sorted(other)) return 1;
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [place, each] of [...other].entries())
      next.push(
        Math.min(
          (next[place] ?? 0) + 1,
          (row[place + 1] ?? 0) + 1,
          (row[place] ?? 0) + (letter === each ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

function sorted(text: string): string {
  return [...text].sort().join('');
}
