/** Attaching one program: by libbpf alone where its section says all, else by who attaches its kind. */

import { argumentError } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { requireActiveLsm } from '../host/active-lsm.js';
import {
  type AttachKind,
  type AttachKindName,
  attachesBySection,
  attachKindOf,
  attachKinds,
  targetOf,
} from '../kinds/attach-kinds.js';
import type { ProgramLike } from '../link/link.js';
import { type Flow, job } from '../native/flow.js';
import { attacherOf } from './attachers.js';
import { type Attached, attachToFirst } from './first-there.js';

/** Kinds whose section names a file, which libbpf would read by itself. */
const readsFile: ReadonlySet<AttachKindName> = new Set(['uprobe', 'uprobe_multi', 'uprobe_session', 'usdt']);

/**
 * Attaches; what the kernel refuses is among the outcomes.
 *
 * @throws BpfError for what the kernel need not be asked, or was asked by who attaches its kind.
 */
export function* attachOne(program: ProgramLike, options: object | undefined): Flow<Attached> {
  const { nativeHandle, name, section } = program;
  const kind = attachKindOf(section);
  if (kind === 'lsm' || kind === 'lsm_cgroup') requireActiveLsm(name);
  if (options === undefined && (kind === undefined || (attachesBySection(section) && !readsFile.has(kind))))
    return { outcomes: [yield* job('programAttach', nativeHandle)] };
  const attacher = kind && attacherOf(kind);
  if (attacher === undefined) throw cannot(program, kind);
  const site = { program: nativeHandle, operation: `attach ${name}`, section, target: targetOf(section) };
  return yield* attachToFirst(kind as AttachKindName, attacher, site, options ?? {});
}

function cannot({ name, section }: ProgramLike, kind: AttachKindName | undefined): BpfError {
  const row: AttachKind | undefined = kind && attachKinds[kind];
  const reason = row?.instead ?? `libbpf knows no section ${section}`;
  return argumentError(`attach ${name}`, reason);
}
