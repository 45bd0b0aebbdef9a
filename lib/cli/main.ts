#!/usr/bin/env node
/** The command line: finds the command, runs it, and says what went wrong. */
import { type Command, UsageError } from './command.js';
import { allCommands, commandNames, findCommand } from './commands.js';
import { report } from './failure.js';
import { helpOf, overview } from './help.js';
import { parse } from './input.js';
import { endWithReader, print } from './output.js';
import { version } from './version.js';

async function main([name = 'help', ...args]: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-v') return print(`${version()}\n`);
  if (name === 'help' || name === '--help' || name === '-h') return help(args[0]);
  const command = await find(name);
  if (isHelp(args)) return help(name);
  return (await command.run(parse(command, args))) ?? 0;
}

async function help(name: string | undefined): Promise<number> {
  return print(name === undefined ? overview(await allCommands()) : helpOf(await find(name)));
}

function isHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some(arg => arg === '--help' || arg === '-h');
}

async function find(name: string): Promise<Command> {
  const command = await findCommand(name);
  if (command !== undefined) return command;
  throw new UsageError('', `there is no command ${name}; there are ${commandNames.join(', ')} and help`);
}

endWithReader();
main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code;
  },
  error => {
    process.exitCode = report(error);
  },
);
