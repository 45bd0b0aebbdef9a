/** A command from its arguments to the exit code of the process. */
import { type Command, UsageError } from './command.js';
import { report } from './failure.js';
import { helpOf } from './help.js';
import { endWithReader, print } from './output.js';
import { parse } from './parse.js';

/** Whether help is asked for, which what stands behind `--` does not. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some(arg => arg === '--help' || arg === '-h');
}

/**
 * Runs a command as a program of its own.
 *
 * @param program - what stands before the command's name; nothing for a file of its own
 */
export async function runCommand(command: Command, args: readonly string[], program: string): Promise<void> {
  endWithReader();
  try {
    process.exitCode = asksForHelp(args)
      ? print(helpOf(command, program))
      : ((await command.run(parse(command, args))) ?? 0);
  } catch (error) {
    process.exitCode = report(error instanceof UsageError ? error.as(program) : error);
  }
}
