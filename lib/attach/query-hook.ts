/** The programs at a hook, by the section of its programs. */

import { argumentError, requireObject, requireOptions, requireText } from '../errors/arguments.js';
import { type Flow, run, runSync } from '../native/flow.js';
import type { AttachKindOf } from './arguments.js';
import type { AttachKind, ErrorContext } from './attach-kind.js';
import type { Hook } from './hook-query.js';
import { withPlaces } from './places.js';
import { kindOf } from './sections.js';
import type { HooksByKind } from './table.js';

/** Where a hook is, by the section of its programs. */
export type HookPlace<S extends string> = string extends S
  ? Partial<HooksByKind[keyof HooksByKind]>
  : AttachKindOf<S> extends infer Kind extends keyof HooksByKind
    ? HooksByKind[Kind]
    : { readonly 'this hook cannot be asked': `the kernel keeps no list of programs of section ${S}` };

/**
 * Asks a hook for its programs.
 *
 * @param section - of the programs that it takes, as `tcx/ingress` or `cgroup/connect4`.
 * @throws BpfError `ERR_BPF_ARGUMENT` for a section whose hooks cannot be asked; otherwise the errno's name.
 * @since Linux 4.15 (bpf_prog_query() in kernel/bpf/syscall.c); revisions and links of tcx and netkit 6.6
 * (bpf_mprog_query() in kernel/bpf/mprog.c), of cgroups 6.17 (__cgroup_bpf_query() in kernel/bpf/cgroup.c)
 * @example
 * ```ts
 * const { programs, revision } = await queryHook('tcx/ingress', { interface: 'lo' });
 * console.log(revision, programs.map(({ name }) => name));
 * ```
 */
export function queryHook<const S extends string>(section: S, place: HookPlace<S>): Promise<Hook> {
  return run(checkedQuery(section, place));
}

/** {@link queryHook} on this thread. */
export function queryHookSync<const S extends string>(section: S, place: HookPlace<S>): Hook {
  return runSync(checkedQuery(section, place));
}

function* checkedQuery(section: string, place: object): Flow<Hook> {
  requireText('query a hook', 'a section', section);
  requireObject(`query ${section}`, 'a place is an object', place);
  const { asks } = kindOf(section) ?? {};
  if (asks !== undefined) requireOptions(`query ${section}`, place, asks);
  return yield* queryHookFlow({ operation: `query ${section}`, section }, place);
}

/** @internal {@link queryHook} as a flow. */
export function* queryHookFlow(context: ErrorContext, place: object): Flow<Hook> {
  const kind = kindOf(context.section);
  const query = kind?.query;
  if (query !== undefined)
    return yield* withPlaces(kind as AttachKind, context.operation, place, resolved =>
      query(context, resolved),
    );
  const reason = `the kernel keeps no list of programs of section ${context.section}`;
  throw argumentError(context.operation, reason);
}
