/** User functions: uprobe, uretprobe, their multi and session forms, and USDT probes. */
import { job } from '../native/flow.js';
import { type ProbeMode, probeModes } from './kprobe.js';
import { type Attacher, type Site, wideList } from './site.js';
import { type Located, locateFunction, locateFunctions, locateMatching } from './traced-functions.js';
import { screenProbes } from './traced-probes.js';
import { known, requireOneEach, wanted } from './wanted.js';

/** In which processes a probe counts, and where its file is. */
interface Where {
  /** A path; without a slash it is looked for on PATH and where libraries are. */
  readonly binary: string;
  /** Only this process; all by default. */
  readonly pid?: number;
  /** Look for the file as this process sees it: in its mount namespace. */
  readonly rootOf?: number;
}

/** One place in user code: a function, bytes into it, or bytes into the file. */
export interface UprobeOptions extends Where {
  /** The function's name, or `name@VERSION` of a library. */
  readonly function?: string;
  /** Bytes into the function; without a function, into the file. */
  readonly offset?: number;
  /** Where a reference counter is, in the file. */
  readonly refCounterOffset?: number;
  /** What `bpf_get_attach_cookie()` answers. @since Linux 5.15 */
  readonly cookie?: bigint;
  readonly mode?: ProbeMode;
}

/** Many places in one file: by one pattern, by names, or by offsets. @since Linux 6.6 */
export interface UprobeMultiOptions extends Where {
  /** With `*` and `?`, as `SSL_*`. */
  readonly pattern?: string;
  readonly functions?: readonly string[];
  readonly offsets?: readonly (number | bigint)[];
  readonly refCounterOffsets?: readonly (number | bigint)[];
  /** One for each place. */
  readonly cookies?: readonly bigint[];
}

/** A probe that the program's author put there. */
export interface UsdtOptions extends Where {
  readonly provider: string;
  readonly name: string;
  /** What `bpf_usdt_cookie()` answers. */
  readonly cookie?: bigint;
}

const everyProcess = -1;

function pathOf(binary: string, rootOf: number | undefined): string {
  return rootOf === undefined ? binary : `/proc/${rootOf}/root${binary.startsWith('/') ? '' : '/'}${binary}`;
}

/** `/bin/bash:readline+0x10` of a section. */
function parsed(target: string | undefined): Partial<UprobeOptions> {
  const [, binary, name, offset] = target?.match(/^([^:]+):(.+?)(?:\+(0x[\da-f]+|\d+))?$/i) ?? [];
  if (name !== undefined && /^(0x[\da-f]+|\d+)$/i.test(name))
    return { ...(binary && { binary }), offset: Number(name) };
  return {
    ...(binary && { binary }),
    ...(name && { function: name }),
    ...(offset && { offset: Number(offset) }),
  };
}

/** uprobe and uretprobe. */
export const attachUprobe: Attacher<Partial<UprobeOptions>> = function* (site, options) {
  const {
    pid = everyProcess,
    rootOf,
    refCounterOffset = 0,
    cookie = 0n,
    mode = 'default',
    ...rest
  } = options;
  const place = { ...parsed(site.target), ...rest };
  const file = pathOf(wanted(site, 'binary', place.binary, 'which file'), rootOf);
  const found = locateOne(site, file, place);
  if ('refusal' in found) return [found.refusal];
  const where = [pid, found.path, null, found.places, refCounterOffset] as const;
  const isReturn = site.section.startsWith('uret');
  const how = known(site, 'mode', probeModes, mode);
  return [yield* job('programAttachUprobe', site.program, ...where, isReturn, cookie, how)];
};

function locateOne(site: Site, file: string, place: Partial<UprobeOptions>): Located<bigint> {
  const { function: name, offset } = place;
  if (name === undefined)
    return { path: file, places: BigInt(wanted(site, 'function', offset, 'which function')) };
  const found = locateFunction(site, file, name);
  return 'refusal' in found ? found : { ...found, places: found.places + BigInt(offset ?? 0) };
}

/** uprobe.multi, uretprobe.multi and uprobe.session. */
export const attachUprobeMulti: Attacher<Partial<UprobeMultiOptions>> = function* (site, options) {
  const { pid = everyProcess, rootOf, functions = [], offsets, refCounterOffsets, cookies } = options;
  const [binary, pattern] = site.target?.split(':') ?? [];
  const file = pathOf(wanted(site, 'binary', options.binary ?? binary, 'which file'), rootOf);
  const places = functions.length || (offsets?.length ?? 0);
  requireOneEach(site, places, { cookies, refCounterOffsets });
  const found = locateMany(site, file, options, options.pattern ?? pattern);
  if ('refusal' in found) return [found.refusal];
  const lists = [[], found.places, wideList(refCounterOffsets), wideList(cookies)] as const;
  const isReturn = site.section.startsWith('uret');
  const isSession = site.section.startsWith('uprobe.session');
  const { path } = found;
  return [
    yield* job('programAttachUprobeMulti', site.program, pid, path, null, ...lists, isReturn, isSession),
  ];
};

function locateMany(
  site: Site,
  file: string,
  { functions = [], offsets = [] }: Partial<UprobeMultiOptions>,
  pattern: string | undefined,
): Located<BigUint64Array> {
  if (functions.length > 0) return locateFunctions(site, file, functions);
  if (offsets.length > 0) return { path: file, places: wideList(offsets) };
  return locateMatching(file, wanted(site, 'pattern', pattern, 'functions as `SSL_*`'));
}

/** usdt. */
export const attachUsdt: Attacher<Partial<UsdtOptions>> = function* (site, options) {
  const [binary, provider, name] = site.target?.split(':') ?? [];
  const file = pathOf(wanted(site, 'binary', options.binary ?? binary, 'which file'), options.rootOf);
  const screened = screenProbes(file);
  if ('refusal' in screened) return [screened.refusal];
  const probe = [
    wanted(site, 'provider', options.provider ?? provider, 'whose probe'),
    wanted(site, 'name', options.name ?? name, 'which probe'),
  ] as const;
  const pid = options.pid ?? everyProcess;
  return [yield* job('programAttachUsdt', site.program, pid, screened.path, ...probe, options.cookie ?? 0n)];
};
