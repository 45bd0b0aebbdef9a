/** Errors of system calls by their names. */
import { constants } from 'node:os';
import { argumentError, shown } from '../errors/arguments.js';

const names = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/**
 * The name of a negative result, as `ENOENT`; undefined for one that is no error.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what is no number
 */
export function errnoName(result: number): string | undefined {
  if (typeof result !== 'number')
    throw argumentError('name an errno', `a result is a number, not ${shown(result)}`);
  return result < 0 ? (names.get(-result) ?? `errno ${-result}`) : undefined;
}
