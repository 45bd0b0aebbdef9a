/** Names for what the kernel numbers, as labels have them. */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

const errors = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));
const signals = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** `ENOENT` of 2, as errno(3) lists them. Node knows one name for each number, libuv the usual one of two. */
export function errorName(errno: number): string {
  return getSystemErrorMap().get(-errno)?.[0] ?? errors.get(errno) ?? `errno ${errno}`;
}

/** `SIGTERM` of 15; those for real time by their numbers. */
export function signalName(number: number): string {
  return signals.get(number) ?? `signal ${number}`;
}
