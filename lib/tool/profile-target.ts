/** From the filters of a tool to the target of a profile. */
import type { ProfileTarget } from '../profile/index.js';
import { cgroupFolder, type FilterInput } from './filters.js';
import { wholeNumber } from './numbers.js';

/** The target of a tool's profile; the whole machine where no process, cgroup or command is named. @throws UsageError for what is no number, BpfError where there is no such container or pod. */
export async function profileTarget(
  tool: string,
  given: FilterInput,
  isCommand: boolean,
): Promise<ProfileTarget> {
  const { comm } = given;
  const pid = wholeNumber(tool, 'pid', given.pid, 1);
  const tid = wholeNumber(tool, 'tid', given.tid, 1);
  const uid = wholeNumber(tool, 'uid', given.uid);
  const cgroup = await cgroupFolder(given);
  const isWhole = pid === undefined && cgroup === undefined && !isCommand;
  return {
    ...(pid !== undefined && { pid }),
    ...(cgroup !== undefined && { cgroup }),
    ...(isCommand && { startedBy: process.pid }),
    ...(isWhole && { all: true }),
    ...(tid !== undefined && { tid }),
    ...(uid !== undefined && { uid }),
    ...(comm !== undefined && { comm }),
  };
}
