/** Single questions to the kernel, each asked until the answer is conclusive. */
import { argumentError, requireText, shown } from '../errors/arguments.js';
import { meant } from '../errors/nearest.js';
import { helpers } from '../kinds/helpers.js';
import { type MapKindName, mapKinds } from '../kinds/map-kinds.js';
import { type ProgramTypeName, programTypes } from '../kinds/program-types.js';
import { errnoError, isShortage } from '../native/errno.js';
import { type Flow, job, run, runSync } from '../native/flow.js';
import type { Status } from '../native/native.js';
import {
  absent,
  type Feature,
  inconclusive,
  obstacle,
  present,
  type Requirement,
  unknown,
} from './feature.js';

const known = new Map<string, Feature>();
const refused = 'its version and options would have it, but the kernel refused the probe: see doctor()';

/** Answers from memory, or asks and remembers what is not unknown. */
export function* remembered(key: string, ask: () => Flow<Feature>): Flow<Feature> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const feature = yield* ask();
  if (feature.answer !== 'unknown') known.set(key, feature);
  return feature;
}

/** A program type, by loading the smallest program. */
export function programTypeFlow(name: ProgramTypeName): Flow<Feature> {
  const row = programTypes[name];
  return remembered(`program ${name}`, () => judged(row, job('probeProgType', row.type)));
}

/** A map type, by creating a map. */
export function mapTypeFlow(name: MapKindName): Flow<Feature> {
  const row = mapKinds[name];
  return remembered(`map ${name}`, () => judged(row, job('probeMapType', row.type)));
}

function* judged(row: Requirement, probe: ReturnType<typeof job<'probeProgType'>>): Flow<Feature> {
  const [result] = yield* probe;
  return verdict(result === 0 ? -1 : result, row);
}

/**
 * What an answer means: a failure is a no where version or options say so, and else `unknown`.
 *
 * @throws BpfError where the process was short of files or memory
 */
export function verdict(status: Status, row: Requirement): Feature {
  requireAnswer(status);
  return status >= 0 ? present(row.since) : inconclusive(row, refused);
}

function requireAnswer(status: Status): void {
  if (isShortage(status)) throw errnoError(status, 'ask the kernel for its features');
}

/**
 * Whether programs of a type may call a helper. Some types, as `tracing`, cannot be probed (libbpf_probe_bpf_helper()
 * in libbpf_probes.c).
 *
 * @param helper - with or without `bpf_`
 * @throws BpfError `ERR_BPF_ARGUMENT` for a helper that libbpf 1.7 does not know
 *
 * @example
 * ```ts
 * const { answer, since } = await probeHelper('xdp', 'bpf_xdp_load_bytes'); // 'yes', '5.18'
 * ```
 */
export function probeHelper(type: ProgramTypeName, helper: string): Promise<Feature> {
  return run(namedHelper(type, helper));
}

/** {@link probeHelper} on this thread. */
export function probeHelperSync(type: ProgramTypeName, helper: string): Feature {
  return runSync(namedHelper(type, helper));
}

function* namedHelper(type: ProgramTypeName, helper: string): Flow<Feature> {
  requireText('probe a helper', 'its name', helper);
  if (!Object.hasOwn(programTypes, type))
    throw argumentError(
      'probe a helper',
      `there is no program type ${shown(type)}`,
      meant(String(type), Object.keys(programTypes)),
    );
  const row = helpers.find(({ name }) => name === helper.replace(/^bpf_/, ''));
  if (row !== undefined) return yield* helperFlow(type, row);
  const reason = `there is no helper ${helper}`;
  throw argumentError('probe a helper', reason);
}

function helperFlow(type: ProgramTypeName, { name, id, since }: (typeof helpers)[number]): Flow<Feature> {
  return remembered(`helper ${type} ${name}`, function* () {
    // Without the right to load programs libbpf takes the failure for a yes (libbpf_probe_bpf_helper() in
    // libbpf_probes.c).
    const [loads] = yield* job('probeProgType', programTypes[type].type);
    const [result] = yield* job('probeHelper', programTypes[type].type, id);
    [loads, result].forEach(requireAnswer);
    const reason = obstacle({ since });
    if (loads === 1 && result === 1) return present(since);
    if (reason !== undefined) return absent(since, reason);
    if (loads === 1 && result === 0) return absent(since, `programs of type ${type} may not call it`);
    return unknown(since, refused);
  });
}
