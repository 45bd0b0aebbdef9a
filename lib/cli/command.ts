/** What a command of the command line is: the table's rows, from which parsing, help and documents derive. */
import { BpfError } from '../index.js';

/** One option, as `node:util` parses it, with what help says of it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** What its value is called in help, as `DIR`. */
  readonly value?: string;
  readonly help: string;
}

/** Options by their long names. */
export type Options = Readonly<Record<string, Option>>;

type ValueOfOption<O extends Option> = O['type'] extends 'boolean'
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
  constructor(command: string, reason: string, cause?: unknown) {
    const operation = `libbpf-ts ${command}`.trimEnd();
    const hint = `see libbpf-ts help ${command}`.trimEnd();
    super({ code: 'ERR_BPF_ARGUMENT', operation, reason, hint, cause });
  }
}
