/** What the user wants: which processes, in which form. */
import { parseArgs } from 'node:util';

/** The command line, understood. */
export interface Options {
  /** The command to run and follow; absent: the small workload. */
  readonly command: readonly string[] | undefined;
  readonly all: boolean;
  readonly json: boolean;
  readonly help: boolean;
  /** Only this process. */
  readonly pid: number | undefined;
  /** Only this user's processes. */
  readonly uid: number | undefined;
  /** Only processes whose name starts with this. */
  readonly name: string | undefined;
  readonly failures: boolean;
}

const flags = {
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  pid: { type: 'string' },
  uid: { type: 'string' },
  name: { type: 'string' },
  failures: { type: 'boolean' },
} as const;

export const usage = `Usage: demo.js [OPTIONS] [-- COMMAND…]

Shows every execve and execveat: of COMMAND and all that descends from it, or of a small workload without one.

      --all         of the whole machine, until Ctrl-C
      --pid PID     only this process, until Ctrl-C
      --uid UID     only processes of this user
      --name NAME   only processes whose name starts with NAME; of a failed call, the caller's name
      --failures    only calls that failed
      --json        one JSON object a line; the output of COMMAND goes to standard error
  -h, --help        this text
`;

/** @throws TypeError for what makes no sense */
export function parse(args: readonly string[]): Options {
  const end = commandStart(args);
  const { values } = parseArgs({ args: args.slice(0, end), options: flags });
  const command = args.slice(args[end] === '--' ? end + 1 : end);
  const options: Options = {
    command: command.length > 0 ? command : undefined,
    all: values.all ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
    pid: whole('--pid', values.pid),
    uid: whole('--uid', values.uid),
    name: values.name,
    failures: values.failures ?? false,
  };
  if (options.command && (options.all || options.pid !== undefined)) {
    throw new TypeError('a command is followed by its process tree; leave out --all and --pid');
  }
  return options;
}

/** Where `--` or the first word that belongs to no option stands. */
function commandStart(args: readonly string[]): number {
  const { tokens } = parseArgs({ args: [...args], options: flags, strict: false, tokens: true });
  const first = tokens.find(({ kind }) => kind !== 'option');
  return first?.index ?? args.length;
}

function whole(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text) && Number(text) < 2 ** 32) return Number(text);
  throw new TypeError(`${option} takes a number, not ${text}`);
}
