/** Whether a link is where its program is to be attached, and of the kind that takes another program. */
import { statSync } from 'node:fs';
import { atInterface, type Place } from '../../attach/interface.js';
import { queryHookFlow } from '../../attach/query-hook.js';
import { attachTypeName } from '../../kinds/attach-types.js';
import { updatableLinks } from '../../link/link-error.js';
import type { LinkInfo } from '../../link/link-info.js';
import { check } from '../../native/errno.js';
import type { Flow } from '../../native/flow.js';
import { native } from '../../native/native.js';
import type { Program } from '../../program/program.js';

/** Options that say where. */
interface Given {
  readonly interface?: string | number;
  readonly netns?: string | number;
  readonly cgroup?: string;
}

/** Why the link cannot be kept for the program; undefined where it can. */
export function* obstacleTo(
  info: LinkInfo,
  program: Program,
  options: object = {},
): Flow<string | undefined> {
  if (!updatableLinks.includes(info.type)) return `a link of kind ${info.type} keeps its program`;
  const type = check(native().programExpectedAttachType(program.nativeHandle), `update ${program.name}`);
  const expected = attachTypeName(type);
  if ('attachType' in info && info.attachType !== expected)
    return `it is attached as ${info.attachType}, should be ${expected}`;
  if ('ifindex' in info) return yield* otherInterface(info, program, options);
  return 'cgroupId' in info ? otherCgroup(info.cgroupId, options) : undefined;
}

type AtInterface = Extract<LinkInfo, { readonly ifindex: number }>;

function* otherInterface(info: AtInterface, program: Program, options: Given): Flow<string | undefined> {
  if (info.ifindex === 0) return 'its interface is gone';
  if (options.interface === undefined) return undefined;
  const subject = { operation: `adopt ${program.name}`, section: program.section };
  const { index } = yield* atInterface(subject, options, itself);
  if (index !== info.ifindex) return `it is at interface ${info.ifindex}, should be at ${index}`;
  // Another network namespace has another interface of that number.
  const { programs } = yield* queryHookFlow(subject, options);
  const sits = programs.some(
    ({ linkId, programId }) => (linkId ?? programId) === (linkId ? info.id : info.programId),
  );
  return sits ? undefined : 'it is in another network namespace';
}

// biome-ignore lint/correctness/useYield: the place is all that is asked for
function* itself(place: Place): Flow<Place> {
  return place;
}

function otherCgroup(id: bigint, { cgroup }: Given): string | undefined {
  if (id === 0n) return 'its cgroup is gone';
  if (cgroup === undefined) return undefined;
  const wanted = statSync(cgroup, { bigint: true, throwIfNoEntry: false })?.ino;
  return wanted === id ? undefined : `it is at cgroup ${id}, should be at ${wanted}`;
}
