/** What a caller may have meant: arguments that cannot be, refused with what is known instead. */
import { BpfError } from './bpf-error.js';
import { meant } from './nearest.js';

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

/** A word of a list. @throws BpfError `ERR_BPF_ARGUMENT` with the nearest one */
export function requireWord(operation: string, what: string, given: unknown, known: readonly string[]): void {
  if (known.includes(given as string)) return;
  const reason = `there is no such ${what}; there are ${known.join(', ')}`;
  throw argumentError(operation, reason, meant(String(given), known));
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

/** The path of a pin, or an object with an id or a descriptor. @throws BpfError `ERR_BPF_ARGUMENT` */
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
