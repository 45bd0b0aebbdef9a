/** What a command of the command line is: the table's rows, from which parsing, help and documents derive. */
import { BpfError } from '../errors/bpf-error.js';
import { meant } from '../errors/nearest.js';

/** One option, as `node:util` parses it, with what help says of it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** What its value is called in help, as `DIR`. */
  readonly value?: string;
  readonly help: string;
  /** True for one that help does not name. */
  readonly hidden?: boolean;
}

/** Options by their long names. */
export type Options = Readonly<Record<string, Option>>;

/** What is typed for an option. */
export type ValueOfOption<O extends Option> = O['type'] extends 'boolean'
  ? boolean
  : O extends { readonly multiple: true }
    ? string[]
    : string;

/** What was typed behind the command's name. */
export interface Input<O extends Options = Options> {
  readonly options: { readonly [Name in keyof O]?: ValueOfOption<O[Name]> | undefined };
  readonly operands: readonly string[];
  /** What stands behind `--`. */
  readonly rest: readonly string[];
}

/** One row of the table. */
export interface Command<O extends Options = Options> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What stands behind the name, as `OBJECT`. */
  readonly usage: string;
  /** Lines of explanation for the command's own help. */
  readonly about: readonly string[];
  readonly options: O;
  /** How many operands it takes, at least and at most. */
  readonly operands: readonly [least: number, most: number];
  /** What stands behind `--`, where something may. */
  readonly rest?: string;
  /** Command lines that work, without `libbpf-ts`. */
  readonly examples: readonly string[];
  /** Does it; the exit code is 0 unless it says otherwise. */
  run(input: Input<O>): Promise<number | undefined>;
}

/** Types a row by its options, then forgets them: the table holds rows of all kinds. */
export function command<const O extends Options>(row: Command<O>): Command {
  return row as unknown as Command;
}

/** A command line that makes no sense; the exit code is 2. */
export class UsageError extends BpfError {
  readonly #command: string;
  readonly #reason: string;

  /** @param said - what to do about it, where that is not in the help */
  constructor(command: string, reason: string, cause?: unknown, program = 'libbpf-ts', said?: string) {
    const operation = `${program} ${command}`.trim();
    const help = program === '' ? `see ${command} --help` : `see ${program} help ${command}`.trimEnd();
    const hint = said === undefined ? help : `${said} ${help}`;
    super({ code: 'ERR_BPF_ARGUMENT', operation, reason, hint, cause });
    this.#command = command;
    this.#reason = reason;
  }

  /** The same of a program of another name, or of a file of its own. */
  as(program: string): UsageError {
    return new UsageError(this.#command, this.#reason, this.cause, program);
  }
}

/** A word that is no command: what there is, and which is nearest. */
export function unknownCommand(
  name: string,
  commands: readonly string[],
  tools: readonly string[],
): UsageError {
  const reason = `there is no command ${name}; there are ${commands.join(', ')}, and tools: ${tools.join(', ')}`;
  return new UsageError('', reason, undefined, undefined, meant(name, [...commands, ...tools]));
}
