/** Attaches one program, and makes its link of what came of it, or the error. */
import { type Attachable, attachProgram } from '../attach/attach.js';
import { targetOf } from '../attach/attach-kind.js';
import { attachErrors } from '../attach/parts.js';
import { BpfError } from '../errors/bpf-error.js';
import { Link } from '../link/link.js';
import { type Circumstances, errnoError, errnoName, failed } from '../native/errno.js';
import type { Flow } from '../native/flow.js';
import type { Status } from '../native/native.js';
import { ObjectState } from '../native/owner.js';

/** A program in the kernel, as far as attaching it asks. */
interface Loaded extends Attachable {
  readonly state: ObjectState;
  readonly fd: number;
  readonly isAttached: boolean;
}

/** Without options as its section says, which is done once. */
export function* attachOne(program: Loaded, options?: object): Flow<Link> {
  const { name, section, state, kind } = program;
  if (options === undefined && program.isAttached) throw attachedAlready(`attach ${name}`);
  const attached = yield* attachProgram(program, options);
  const target = attached.target ?? state.targets.get(name)?.name ?? (kind && targetOf(kind, section));
  const handles = attached.outcomes.flatMap(([result]) => (failed(result) ? [] : [result]));
  // A program without an object may be closed before its link.
  const owner = program.alone ? new ObjectState(name) : state;
  const link = new (kind?.Link ?? Link)(handles, owner, name, { target });
  const [status, log = ''] = attached.outcomes.find(([result]) => failed(result)) ?? [];
  if (!failed(status)) {
    if (options === undefined) state.attachedBySection.set(name, link);
    return link;
  }
  yield* link.detachFlow();
  const holder = yield* describeHolder(program, status, options);
  const errors = yield* attachErrors.find();
  if (errors === undefined) throw errnoError(status, `attach ${name}`, { log, ...holder });
  throw errors.attachError(status, { name, section, kind, options }, log, holder);
}

/** Hooks that keep a list were asked by their attachers. */
function* describeHolder(
  program: Loaded,
  status: Status,
  options: object = {},
): Flow<Circumstances | undefined> {
  const { kind, name, state } = program;
  if (kind?.describeHolder === undefined || errnoName(status) !== 'EBUSY') return undefined;
  return yield* kind.describeHolder(program.fd, state.targets.get(name), options);
}

function attachedAlready(operation: string): BpfError {
  const reason = 'it is attached already, as its section says';
  const hint =
    'a second link would run it twice for each event; detach() the first one, or give another place';
  return new BpfError({ code: 'ERR_BPF_BUSY', operation, reason, hint });
}
