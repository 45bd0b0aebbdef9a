/** From options to the constants of `FILTER_TASKS()` in `libbpf-ts.bpf.h`: one meaning of each filter in all tools. */
import { UsageError } from '../command/command.js';
import { findContainer, findPod } from '../containers/index.js';
import { cgroupId } from '../index.js';
import { wholeNumber } from './numbers.js';
import { type FilterName, filterOptions } from './options.js';

/** What `load({ rodata })` takes of a program with `FILTER_TASKS()`. */
export interface TaskFilters {
  readonly filter_pid: number;
  readonly filter_tid: number;
  readonly filter_uid: number;
  readonly filter_comm: string;
  readonly filter_comm_size: number;
  readonly filter_cgroup: bigint;
  readonly filter_tree: number;
}

/** What was typed. */
export type FilterInput = { readonly [Name in FilterName]?: string | undefined };

/** Why a tool cannot honour filters: all of them for one reason, or some. */
export type RefusedFilters = string | Partial<Readonly<Record<FilterName | 'command', string>>>;

/** The kernel keeps so much of a name: TASK_COMM_LEN in include/linux/sched.h, without the NUL. */
const longestName = 15;
/** `filter_uid` for any user: none has this number (setreuid(2)). */
const anyUser = 0xffff_ffff;

/** @throws UsageError for what is no number, BpfError for what is no cgroup or container. */
export async function taskFilters(
  tool: string,
  given: FilterInput,
  isCommand: boolean,
): Promise<TaskFilters> {
  return {
    filter_pid: wholeNumber(tool, 'pid', given.pid, 1) ?? 0,
    filter_tid: wholeNumber(tool, 'tid', given.tid, 1) ?? 0,
    filter_uid: wholeNumber(tool, 'uid', given.uid) ?? anyUser,
    ...nameFilter(given.comm),
    filter_cgroup: await cgroupFilter(given),
    filter_tree: isCommand ? process.pid : 0,
  };
}

/** @throws UsageError for a filter that the tool cannot honour, and for those that contradict each other. */
export function requireHonoured(
  tool: string,
  given: FilterInput,
  isCommand: boolean,
  refused: RefusedFilters,
): void {
  const reasonOf = (name: FilterName | 'command') => (typeof refused === 'string' ? refused : refused[name]);
  for (const name of Object.keys(filterOptions) as FilterName[])
    if (given[name] !== undefined && reasonOf(name) !== undefined)
      throw new UsageError(tool, `--${name} cannot be honoured: ${reasonOf(name)}`);
  if (isCommand && reasonOf('command') !== undefined)
    throw new UsageError(tool, `a command cannot be followed: ${reasonOf('command')}`);
  if (isCommand && (given.pid !== undefined || given.tid !== undefined))
    throw new UsageError(tool, 'a command is followed with all its processes; leave out --pid and --tid');
  const places = [given.cgroup, given.container, given.pod].filter(place => place !== undefined);
  if (places.length > 1)
    throw new UsageError(
      tool,
      'containers and pods are cgroups: give one of --cgroup, --container and --pod',
    );
}

/** A whole name is compared with the NUL behind it, the beginning of one without. */
function nameFilter(comm: string | undefined): Pick<TaskFilters, 'filter_comm' | 'filter_comm_size'> {
  if (comm === undefined) return { filter_comm: '', filter_comm_size: 0 };
  const isBeginning = comm.endsWith('*');
  const bytes = Buffer.from(isBeginning ? comm.slice(0, -1) : comm).subarray(0, longestName);
  return { filter_comm: bytes.toString(), filter_comm_size: bytes.length + (isBeginning ? 0 : 1) };
}

async function cgroupFilter(given: FilterInput): Promise<bigint> {
  const folder = await cgroupFolder(given);
  return folder === undefined ? 0n : cgroupId(folder);
}

/** The folder of the cgroup that is asked for. @throws BpfError `ENOENT` for a container or pod that is not there */
export async function cgroupFolder({ cgroup, container, pod }: FilterInput): Promise<string | undefined> {
  if (container !== undefined) return (await findContainer(container)).folder;
  return pod === undefined ? cgroup : (await findPod(pod)).folder;
}
