/** Numbers of the command line. */
import { UsageError } from '../command/command.js';

/** A whole number; undefined where the option is not given. @throws UsageError */
export function wholeNumber(
  tool: string,
  option: string,
  text: string | undefined,
  least = 0,
): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number < 2 ** 32) return number;
  throw new UsageError(tool, `--${option} takes a whole number from ${least} up, not ${text}`);
}

/** A time in seconds, as milliseconds. @throws UsageError */
export function milliseconds(tool: string, option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (seconds >= 0.001 && seconds < 2 ** 31 / 1000) return seconds * 1000;
  throw new UsageError(tool, `--${option} takes a number of seconds, not ${text}`);
}
