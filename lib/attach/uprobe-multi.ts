/** Many places in one file: uprobe.multi, uretprobe.multi and uprobe.session. */

import { existsSync } from 'node:fs';
import * as sections from '../kinds/section-kinds.js';
import type { Circumstances } from '../native/errno.js';
import { job } from '../native/flow.js';
import {
  type Attacher,
  type AttachFailure,
  type AttachKind,
  type AttachRequest,
  capabilities,
  wideList,
} from './attach-kind.js';
import { requireOffsets, requireOption, requireSameLength } from './options-check.js';
import { everyProcess, pathIn, type TracedBinary } from './traced-binary.js';
import { type Located, locateFunctions, locateMatching } from './traced-functions.js';

/**
 * Many places in one file: by one pattern, by names, or by offsets.
 *
 * @since Linux 6.6 (bpf_uprobe_multi_link_attach() in kernel/trace/bpf_trace.c)
 */
export interface UprobeMultiOptions extends TracedBinary {
  /** With `*` and `?`, as `SSL_*`. */
  readonly pattern?: string;
  readonly functions?: readonly string[];
  readonly offsets?: readonly number[];
  readonly refCounterOffsets?: readonly number[];
  /** One for each place. */
  readonly cookies?: readonly bigint[];
}

const attachUprobeMulti: Attacher<UprobeMultiOptions> = function* (request, options) {
  const { pid = everyProcess, rootOf, functions = [], offsets, refCounterOffsets, cookies } = options;
  const [binary, pattern] = request.target?.split(':') ?? [];
  const file = pathIn(rootOf, requireOption(request, 'binary', options.binary ?? binary, 'which file'));
  const places = functions.length || (offsets?.length ?? 0);
  requireSameLength(request, places, { cookies, refCounterOffsets });
  requireOffsets(request, 'offsets', offsets);
  requireOffsets(request, 'refCounterOffsets', refCounterOffsets);
  const found = locateMany(request, file, options, options.pattern ?? pattern);
  if ('refusal' in found) return [found.refusal];
  const lists = [[], found.places, wideList(refCounterOffsets), wideList(cookies)] as const;
  const isReturn = request.section.startsWith('uret');
  const isSession = request.section.startsWith('uprobe.session');
  const { path } = found;
  return [
    yield* job('programAttachUprobeMulti', request.program, pid, path, null, ...lists, isReturn, isSession),
  ];
};

function locateMany(
  request: AttachRequest,
  file: string,
  { functions = [], offsets = [] }: Partial<UprobeMultiOptions>,
  pattern: string | undefined,
): Located<BigUint64Array> {
  if (functions.length > 0) return locateFunctions(request, file, functions);
  if (offsets.length > 0) return { path: file, places: wideList(offsets) };
  return locateMatching(file, requireOption(request, 'pattern', pattern, 'functions as `SSL_*`'));
}

/**
 * libbpf logs a missing file by name, and no missing function (elf_resolve_syms_offsets() and
 * elf_resolve_pattern_offsets() in elf.c).
 */
function explainUprobeMulti({
  options,
  code,
  target,
}: AttachFailure<UprobeMultiOptions>): Circumstances | undefined {
  const [binary, pattern] = target?.split(':') ?? [];
  const file = options.binary ?? binary ?? '';
  const names = options.functions?.join(', ') ?? options.pattern ?? pattern;
  if (code !== 'ENOENT' || (file.includes('/') && !existsSync(file))) return undefined;
  return { reason: `${file} does not have these functions, or not all of them: ${names}` };
}

export const uprobe_multi = {
  sections: sections.uprobe_multi,
  since: '6.6',
  config: ['UPROBE_EVENTS', 'BPF_EVENTS'],
  capabilities: capabilities.tracing,
  cookie: '6.6',
  bySection: true,
  readsFile: true,
  needs: ['binary', 'pattern'],
  takes: ['binary', 'pattern', 'functions', 'offsets', 'refCounterOffsets', 'cookies', 'pid', 'rootOf'],
  attach: attachUprobeMulti,
  explain: explainUprobeMulti,
} as const satisfies AttachKind;

export const uprobe_session = {
  ...uprobe_multi,
  sections: sections.uprobe_session,
  since: '6.13',
  cookie: '6.13',
} as const satisfies AttachKind;
