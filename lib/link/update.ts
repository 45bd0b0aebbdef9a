/** Another program, or table of struct_ops, in the place of the attached one. */
import type { Flow } from '../native/flow.js';
import type { MapHandle, ProgramHandle } from '../native/native.js';
import { programOpening } from '../native/openings.js';
import { describePlace, type KernelPlace, openAt } from '../native/place.js';
import type { LinkHandles } from './link-handles.js';

/** A struct_ops map, as far as a link asks: any `StructOpsMap` is one. */
export interface StructOpsLike {
  readonly name: string;
  readonly kind: 'struct_ops';
  /** @internal */
  readonly structOpsHandle: MapHandle;
}

/** A program of an object, as far as a link asks: any `Program` is one. */
export interface ProgramLike {
  readonly name: string;
  readonly section: string;
  /** @internal */
  readonly nativeHandle: ProgramHandle;
}

/** How to put another program in the place of an attached one. */
export interface UpdateLinkOptions {
  /**
   * Only if this program is the attached one now; else `EPERM` (cgroup_bpf_replace() in kernel/bpf/cgroup.c and its
   * like).
   */
  readonly expected?: KernelPlace;
}

/** What is to be attached, for messages. */
export function nameOf(next: KernelPlace | StructOpsLike): string {
  const { name } = (next ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' ? name : describePlace(next as KernelPlace, 'program');
}

/** Updates a link; programs that are not open are opened for as long. */
export function* updateFlow(
  handles: LinkHandles,
  operation: string,
  next: KernelPlace | StructOpsLike,
  expected: KernelPlace | undefined,
): Flow<void> {
  if (isTable(next)) return yield* handles.updateMap(operation, next.structOpsHandle);
  yield* withProgram(next, program =>
    expected === undefined
      ? handles.update(operation, program)
      : withProgram(expected, old => handles.update(operation, program, old)),
  );
}

function isTable(next: KernelPlace | StructOpsLike): next is StructOpsLike {
  return typeof next === 'object' && next !== null && 'structOpsHandle' in next;
}

function* withProgram(place: KernelPlace, use: (program: ProgramHandle) => Flow<void>): Flow<void> {
  const program = yield* openAt(place, programOpening);
  try {
    yield* use(program);
  } finally {
    yield* programOpening.close(program);
  }
}
