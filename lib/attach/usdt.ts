/** Probes that a program's author put there: usdt. */

import { existsSync } from 'node:fs';
import { probesOf } from '../btf/usdt.js';
import * as sections from '../kinds/section-kinds.js';
import type { Circumstances } from '../native/errno.js';
import { job } from '../native/flow.js';
import { tooOld } from '../native/kernel-support.js';
import { type Attacher, type AttachFailure, type AttachKind, capabilities } from './attach-kind.js';
import { type Names, noneOf } from './fallback-targets.js';
import { requireOption } from './options-check.js';
import { everyProcess, pathIn, type TracedBinary } from './traced-binary.js';
import { located } from './traced-functions.js';

/**
 * A probe that the program's author put there.
 *
 * @since Linux 4.3 (collect_usdt_targets() in usdt.c)
 */
export interface UsdtOptions extends TracedBinary {
  readonly provider: string;
  readonly name: string;
  /** What `bpf_usdt_cookie()` answers. */
  readonly cookie?: bigint;
}

/** libbpf reads the notes of the file (collect_usdt_targets() in usdt.c), which our own reader checks before. */
const attachUsdt: Attacher<UsdtOptions> = function* (request, options) {
  const [binary, provider, name] = request.target?.split(':') ?? [];
  const path = requireOption(request, 'binary', options.binary ?? binary, 'which file');
  const screened = located(pathIn(options.rootOf, path), elf => probesOf(elf).length);
  if ('refusal' in screened) return [screened.refusal];
  const probe = [
    requireOption(request, 'provider', options.provider ?? provider, 'whose probe'),
    requireOption(request, 'name', options.name ?? name, 'which probe'),
  ] as const;
  const { pid = everyProcess, cookie = 0n } = options;
  return [yield* job('programAttachUsdt', request.program, pid, screened.path, ...probe, cookie)];
};

/** libbpf's log names one probe; of several the message names all. */
function explainUsdt({
  options,
  code,
  target,
}: AttachFailure<{ binary: string; provider: string; name: Names }>): Circumstances | undefined {
  const [binary, provider] = target?.split(':') ?? [];
  const { name: names = '', binary: file = binary } = options;
  if (code !== 'ENOENT' || typeof names === 'string' || !existsSync(file ?? '')) return explainCookie(code);
  const probes = names.map(name => `${options.provider ?? provider}:${name}`);
  return { reason: `${file} has ${noneOf('probe', probes)}` };
}

/** ENOTSUP without cookies is collect_usdt_targets() in usdt.c, whose log says no version. */
function explainCookie(code: string): Circumstances | undefined {
  const what = 'USDT of every process, in a library or a program that lies anywhere,';
  const known = tooOld(usdt.abilities.shared, what);
  return code === 'EOPNOTSUPP' && known ? { ...known, hint: 'give pid' } : undefined;
}

export const usdt = {
  sections: sections.usdt,
  since: '4.3',
  later: { 'usdt.s+': '6.0' },
  // Code that may lie anywhere, for every process: a probe's arguments are found by its cookie.
  abilities: { shared: '5.15' },
  config: ['UPROBE_EVENTS', 'BPF_EVENTS'],
  capabilities: capabilities.tracing,
  cookie: '4.3',
  bySection: true,
  readsFile: true,
  needs: ['binary', 'provider', 'name'],
  oneOf: 'name',
  takes: ['binary', 'provider', 'name', 'cookie', 'pid', 'rootOf'],
  needsObject: 'what is known of each probe is in maps of it',
  attach: attachUsdt,
  explain: explainUsdt,
} as const satisfies AttachKind;
