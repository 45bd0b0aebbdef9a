/** From arguments to a command's input. */
import { parseArgs } from 'node:util';
import { type Command, type Input, UsageError } from './command.js';

/**
 * Parses what stands behind a command's name.
 *
 * @throws UsageError for an unknown option, a missing value, too few or too many operands.
 */
export function parse(command: Command, args: readonly string[]): Input {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const rest = end < 0 ? [] : args.slice(end + 1);
  if (end >= 0 && command.rest === undefined)
    throw new UsageError(command.name, 'it takes nothing behind --');
  const { values, positionals } = parseOwn(command, own);
  checkOperands(command, positionals);
  return { options: values as Input['options'], operands: positionals, rest };
}

function parseOwn(command: Command, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: command.options, allowPositionals: true });
  } catch (cause) {
    const [reason = ''] = (cause as Error).message.split('. To specify');
    throw new UsageError(
      command.name,
      reason.replace(/\.$/, '').replace(/^./, first => first.toLowerCase()),
      cause,
    );
  }
}

function checkOperands({ name, usage, operands: [least, most] }: Command, given: readonly string[]): void {
  if (given.length < least) throw new UsageError(name, `it takes ${usage}`);
  if (given.length > most) throw new UsageError(name, `one too many: ${given[most]}; it takes ${usage}`);
}
