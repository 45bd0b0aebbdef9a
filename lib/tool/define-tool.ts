/** A tool, as `libbpf-ts opensnoop` is one: a command with options, filters and output that all tools share. */
import { type Command, type Input, type Options, UsageError } from '../command/command.js';
import { runCommand } from '../command/run.js';
import { requireObject, requireText, requireWord } from '../errors/arguments.js';
import { type ProcessWatcher, watchProcesses } from '../processes/index.js';
import { Ending } from './ending.js';
import {
  cgroupFolder,
  type FilterInput,
  type RefusedFilters,
  requireHonoured,
  taskFilters,
} from './filters.js';
import { milliseconds, wholeNumber } from './numbers.js';
import {
  commonOptions,
  eventOptions,
  type FilterName,
  filterOptions,
  growingOptions,
  identityOptions,
  intervalOptions,
  stackOptions,
} from './options.js';
import { profileTarget } from './profile-target.js';
import { ToolSession } from './session.js';
import type { TracingWays } from './ways.js';

/** What a tool is made of. */
export interface ToolDescription<O extends Options = Options> {
  /** What it is called, as `opensnoop`. */
  readonly name: string;
  /** One line, for lists of tools. */
  readonly summary: string;
  /** Lines of explanation for its help. */
  readonly about: readonly string[];
  /**
   * `events`: a row for each as it comes. `intervals`: what was counted, each interval or at the end. `stacks`: a profile
   * at the end. `growing-stacks`: a profile of all that was until then, each interval or at the end. `list`: what is there,
   * at once.
   */
  readonly prints: 'events' | 'intervals' | 'stacks' | 'growing-stacks' | 'list';
  /** Options of its own. */
  readonly options?: O;
  /** Why it cannot honour filters, or some of them: they are refused with this reason. */
  readonly refuses?: RefusedFilters;
  /** Ways to trace it, where one alone does not work everywhere: `session.load()` takes the first that works here, or what `--by` names. */
  readonly ways?: TracingWays;
  /** Filters that have to be given. */
  readonly needs?: readonly FilterName[];
  /** Command lines that work, without what stands before the name. */
  readonly examples: readonly string[];
  /** Loads, and takes one of the session's courses. */
  run(session: ToolSession<O>): Promise<void>;
}

/** A tool: a row of the table of commands, and a program by itself. */
export interface Tool extends Command {
  /**
   * Runs it as a program of its own and sets the exit code of the process: `tool.main(process.argv.slice(2))`.
   */
  main(args: readonly string[]): Promise<void>;
}

/**
 * Makes a tool: filters, times and forms are options that all tools have, `-- COMMAND` is started and followed with all
 * its processes, rows are tables or JSON, losses are told, and SIGINT, a closed pipe or the command's end end it.
 *
 * @example
 * ```ts
 * const tool = defineTool({
 *   name: 'execs',
 *   summary: 'show programs that are executed',
 *   about: [],
 *   prints: 'events',
 *   examples: ['execs -- make'],
 *   async run(session) {
 *     await using bpf = await execsnoop.load({ rodata: { tree_root: session.filters.filter_tree } });
 *     await session.follow(bpf, bpf.maps.events, {
 *       columns: ['pid', 'comm'],
 *       row: ({ pid, comm }) => ({ pid, comm }),
 *     });
 *   },
 * });
 * await tool.main(process.argv.slice(2));
 * ```
 */
export function defineTool<const O extends Options = Record<never, never>>(
  description: ToolDescription<O>,
): Tool {
  requireObject('define a tool', 'a tool is described by an object', description);
  const { name, summary, about, examples, options = {}, prints, refuses = {} } = description;
  requireText('define a tool', 'its name', name);
  requireWord('define a tool', 'way to print', prints, Object.keys(formOptions));
  const filters = honouredOf(refuses);
  const command: Command = {
    ...{ name, summary, about, examples },
    usage: '',
    options: {
      ...filters,
      ...options,
      ...formOptions[prints],
      ...wayOption(description.ways),
      ...(prints === 'list' ? { json: commonOptions.json } : commonOptions),
    },
    operands: [0, 0],
    ...(isHonoured(refuses, 'command') && { rest: 'COMMAND…' }),
    run: input => runTool(description as unknown as ToolDescription, input),
  };
  return { ...command, main: args => runCommand(command, args, '') };
}

function wayOption(ways: TracingWays | undefined): Options {
  if (ways === undefined) return {};
  const value = Object.keys(ways).join('|');
  return { by: { type: 'string', value, help: 'trace so; else by the first of these that works here' } };
}

/** What each way of printing adds to the options. */
const formOptions: Readonly<Record<ToolDescription['prints'], Options>> = {
  events: eventOptions,
  intervals: intervalOptions,
  stacks: stackOptions,
  'growing-stacks': { ...stackOptions, ...growingOptions },
  list: identityOptions,
};

async function runTool(description: ToolDescription, input: Input): Promise<number> {
  const { name, refuses = {} } = description;
  const given = input.options as FilterInput & {
    readonly duration?: string;
    readonly interval?: string;
    readonly count?: string;
    readonly containers?: boolean;
  };
  const isCommand = input.rest.length > 0;
  requireHonoured(name, given, isCommand, refuses);
  for (const filter of description.needs ?? [])
    if (given[filter] === undefined) throw new UsageError(name, `--${filter} is needed`);
  const filters = await taskFilters(name, given, isCommand);
  const target = () => profileTarget(name, given, isCommand);
  const interval = milliseconds(name, 'interval', given.interval);
  const count = wholeNumber(name, 'count', given.count, 1);
  using ending = new Ending(milliseconds(name, 'duration', given.duration));
  const { ways } = description;
  await using processes = given.containers ? await watchFiltered(given, isCommand) : undefined;
  const parts = { tool: name, target, input, filters, ending, interval, count, ways, processes };
  await description.run(new ToolSession(parts));
  return ending.exitCode;
}

/** The processes that filters let through, and others where they tell of no process. */
async function watchFiltered(given: FilterInput, isCommand: boolean): Promise<ProcessWatcher> {
  const tree = isCommand ? process.pid : given.pid && Number(given.pid);
  return watchProcesses({ tree: tree || undefined, cgroup: await cgroupFolder(given) });
}

/** Filters that are refused are taken too, for the reason to be told, and help does not name them. */
function honouredOf(refuses: RefusedFilters): Options {
  const names = Object.keys(filterOptions) as FilterName[];
  return Object.fromEntries(
    names.map(name => [
      name,
      isHonoured(refuses, name) ? filterOptions[name] : { ...filterOptions[name], hidden: true },
    ]),
  );
}

function isHonoured(refuses: RefusedFilters, name: FilterName | 'command'): boolean {
  return typeof refuses !== 'string' && refuses[name] === undefined;
}
