#!/usr/bin/env node
/** The command line: finds the command, runs it, and says what went wrong. */
import { type Command, unknownCommand } from '../command/command.js';
import { report } from '../command/failure.js';
import { helpOf } from '../command/help.js';
import { endWithReader, print } from '../command/output.js';
import { parse } from '../command/parse.js';
import { asksForHelp } from '../command/run.js';
import { allCommands, commandNames, findCommand } from './commands.js';
import { overview } from './help.js';
import { toolNames } from './tool-files.js';
import { version } from './version.js';

async function main([name = 'help', ...args]: readonly string[]): Promise<number> {
  if (name === '--version' || name === '-v') return print(`${version()}\n`);
  if (name === 'help' || name === '--help' || name === '-h') return help(args[0]);
  const command = await find(name);
  if (asksForHelp(args)) return help(name);
  return (await command.run(parse(command, args))) ?? 0;
}

async function help(name: string | undefined): Promise<number> {
  return print(name === undefined ? overview(await allCommands()) : helpOf(await find(name)));
}

async function find(name: string): Promise<Command> {
  const command = await findCommand(name);
  if (command !== undefined) return command;
  throw unknownCommand(name, [...commandNames, 'help'], toolNames());
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
