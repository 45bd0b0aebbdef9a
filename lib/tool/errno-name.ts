/** Errors of system calls by their names. */
import { constants } from 'node:os';

const names = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** The name of a negative result, as `ENOENT`; undefined for one that is no error. */
export function errnoName(result: number): string | undefined {
  return result < 0 ? (names.get(-result) ?? `errno ${-result}`) : undefined;
}
