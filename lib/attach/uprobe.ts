/** One place in user code: uprobe and uretprobe. */

import { rights } from '../host/capabilities.js';
import * as sections from '../kinds/section-kinds.js';
import type { Circumstances } from '../native/errno.js';
import { job } from '../native/flow.js';
import {
  type Attacher,
  type AttachFailure,
  type AttachKind,
  type AttachRequest,
  capabilities,
} from './attach-kind.js';
import { attachToProbe } from './event.js';
import { type Names, noneOf } from './fallback-targets.js';
import { type ProbeMode, probeModes } from './kprobe.js';
import { flagOf, requireOffsets, requireOption } from './options-check.js';
import { everyProcess, pathIn, type TracedBinary } from './traced-binary.js';
import { type Located, locateFunction } from './traced-functions.js';

/**
 * One place in user code: a function, bytes into it, or bytes into the file.
 *
 * @since Linux 4.3 (perf_event_set_bpf_prog() in kernel/events/core.c)
 */
export interface UprobeOptions extends TracedBinary {
  /** The function's name, or `name@VERSION` of a library. */
  readonly function?: string;
  /** Bytes into the function; without a function, into the file. */
  readonly offset?: number;
  /** Where a reference counter is, in the file. */
  readonly refCounterOffset?: number;
  /**
   * What `bpf_get_attach_cookie()` answers.
   *
   * @since Linux 5.15 (bpf_get_attach_cookie_trace() in kernel/trace/bpf_trace.c)
   */
  readonly cookie?: bigint;
  readonly mode?: ProbeMode;
}

const attachUprobe: Attacher<UprobeOptions> = function* (request, options) {
  const place = { ...parseTarget(request.target), ...options };
  const { pid = everyProcess, rootOf, refCounterOffset = 0, cookie = 0n, mode = 'default' } = place;
  const file = pathIn(rootOf, requireOption(request, 'binary', place.binary, 'which file'));
  requireOffsets(request, 'offset', place.offset === undefined ? [] : [place.offset]);
  requireOffsets(request, 'refCounterOffset', [refCounterOffset]);
  const found = locateOne(request, file, place);
  if ('refusal' in found) return [found.refusal];
  const where = [pid, found.path, null, found.places, refCounterOffset] as const;
  const isReturn = request.section.startsWith('uret');
  const how = flagOf(request, 'mode', probeModes, mode);
  if (request.alone)
    return yield* attachToProbe(request, {
      pmu: 'uprobe',
      name: found.path,
      offset: found.places,
      isReturn,
      cookie,
      pid,
      refCounterOffset,
    });
  return [yield* job('programAttachUprobe', request.program, ...where, isReturn, cookie, how)];
};

/** `/bin/bash:readline+0x10` of a section. */
function parseTarget(target: string | undefined): Partial<UprobeOptions> {
  const [, binary, name, offset] = target?.match(/^([^:]+):(.+?)(?:\+(0x[\da-f]+|\d+))?$/i) ?? [];
  if (name !== undefined && /^(0x[\da-f]+|\d+)$/i.test(name))
    return { ...(binary && { binary }), offset: Number(name) };
  return {
    ...(binary && { binary }),
    ...(name && { function: name }),
    ...(offset && { offset: Number(offset) }),
  };
}

function locateOne(request: AttachRequest, file: string, place: Partial<UprobeOptions>): Located<bigint> {
  const { function: name, offset } = place;
  if (name === undefined)
    return { path: file, places: BigInt(requireOption(request, 'function', offset, 'which function')) };
  const found = locateFunction(request, file, name);
  return 'refusal' in found ? found : { ...found, places: found.places + BigInt(offset ?? 0) };
}

const listed = 'nm and nm -D list them; what is inlined, and static in a stripped file, is not among them';

/**
 * Since 2025 kernels take CAP_SYS_ADMIN for a single uprobe (perf_uprobe_event_init() in kernel/events/core.c), and
 * not for many (bpf_uprobe_multi_link_attach() in kernel/trace/bpf_trace.c).
 */
function explainUprobe({
  options,
  code,
  target,
  log,
}: AttachFailure<{ binary: string; function: Names }>): Circumstances | undefined {
  const [binary = '', said = ''] = target?.split(':') ?? [];
  const { binary: file = binary, function: names = said } = options;
  if (code === 'ENOENT' && /failed to find symbol/.test(log))
    return {
      reason: `${file} has ${noneOf('function', names)}`,
      hint: typeof names === 'string' ? listed : undefined,
    };
  const { capabilities: own, lacking } = rights();
  if (code !== 'EACCES' || lacking.includes('CAP_PERFMON') || own.includes('CAP_SYS_ADMIN')) return undefined;
  const reason = 'kernels since 2025 take CAP_SYS_ADMIN for a uprobe, and this process lacks it';
  return { reason, hint: 'SEC("uprobe.multi") does with CAP_BPF and CAP_PERFMON' };
}

export const uprobe = {
  sections: sections.uprobe,
  since: '4.3',
  later: { 'uprobe.s+': '6.0', 'uretprobe.s+': '6.0' },
  config: ['UPROBE_EVENTS', 'BPF_EVENTS'],
  capabilities: capabilities.tracing,
  cookie: '5.15',
  bySection: true,
  readsFile: true,
  needs: ['binary', 'function'],
  oneOf: 'function',
  takes: ['binary', 'function', 'offset', 'refCounterOffset', 'cookie', 'mode', 'pid', 'rootOf'],
  attach: attachUprobe,
  explain: explainUprobe,
} as const satisfies AttachKind;
