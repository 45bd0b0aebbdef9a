/** Attaches one program: by libbpf alone where its section says all, else by the attacher of its kind. */
import { argumentError, requireOptions } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { requireActiveLsm } from '../host/active-lsm.js';
import type { ProgramLike } from '../link/update.js';
import { type Flow, job } from '../native/flow.js';
import { type AttachKind, attachesBySection, targetOf } from './attach-kind.js';
import { type Attachment, attachToFirst } from './fallback-targets.js';
import { withPlaces } from './places.js';

/** A program, and the row of its kind; undefined where its section is of none that is known. */
export interface Attachable extends ProgramLike {
  readonly kind: AttachKind | undefined;
  /** True where it was opened by itself, without its object. */
  readonly alone: boolean;
}

/**
 * What fails in a system call or in libbpf is an outcome with an errno.
 *
 * @throws BpfError for arguments that cannot be, or what an attacher explained.
 */
export function* attachProgram(program: Attachable, options: object | undefined): Flow<Attachment> {
  const { nativeHandle, name, section, kind, alone } = program;
  if (kind?.needsLsm) requireActiveLsm(name);
  if (alone) requireAttachable(program);
  else if (
    options === undefined &&
    (kind === undefined || (attachesBySection(kind, section) && !kind.readsFile))
  )
    return { outcomes: [yield* job('programAttach', nativeHandle)] };
  if (kind?.attach === undefined) throw notAttachable(program);
  requireOptions(`attach ${name}`, options, kind.takes ?? []);
  const request = {
    kind,
    program: nativeHandle,
    alone,
    operation: `attach ${name}`,
    section,
    target: targetOf(kind, section),
  };
  const { attach } = kind;
  return yield* withPlaces(kind, request.operation, options ?? {}, resolved =>
    attachToFirst(attach, request, resolved),
  );
}

function notAttachable({ name, section, kind }: Attachable): BpfError {
  return argumentError(`attach ${name}`, kind?.instead ?? `libbpf knows no section ${section}`);
}

/** What libbpf does with a `bpf_program` alone. */
function requireAttachable({ name, section, kind }: Attachable): void {
  const operation = `attach ${name}`;
  if (section === '')
    throw argumentError(
      operation,
      'the kernel does not tell its section',
      'say its section when it is opened',
    );
  if (kind?.needsObject === undefined) return;
  const reason = `it was opened without its object: ${kind.needsObject}`;
  throw argumentError(operation, reason, 'load the object that has it');
}
