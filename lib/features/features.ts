/** All features of the running kernel, in one report. */

import type { AttachKind } from '../attach/attach-kind.js';
import { sectionSince } from '../attach/sections.js';
import { attachKinds } from '../attach/table.js';
import { requireOptions } from '../errors/arguments.js';
import { kernelRelease } from '../host/kernel.js';
import { type BtfKindName, btfKinds } from '../kinds/btf-kinds.js';
import { helpers } from '../kinds/helpers.js';
import { type InstructionSetName, instructionSets } from '../kinds/instruction-sets.js';
import { type LinkTypeName, linkTypes } from '../kinds/link-types.js';
import { type MapFlagProbeName, mapFlagProbes } from '../kinds/map-flag-probes.js';
import { type MapKindName, mapKinds } from '../kinds/map-kinds.js';
import { type ProgramFlagName, programFlags } from '../kinds/program-flags.js';
import { type ProgramTypeName, programTypes } from '../kinds/program-types.js';
import { type Flow, run, runSync } from '../native/flow.js';
import { native } from '../native/native.js';
import { btfKindFlow } from './btf-probe.js';
import { absent, type Feature, obstacle, present } from './feature.js';
import { enumValues, kfuncNames, ownTypes } from './kernel-names.js';
import { linkFeature, named, tooOld } from './link-feature.js';
import { mapFlagFlow } from './map-flag-probe.js';
import { mapTypeFlow, programTypeFlow } from './probe.js';
import { delegatedTypeFlow, instructionSetFlow, programFlagFlow } from './program-probe.js';
import { delegatedMapFlow } from './small-map.js';
import { withToken } from './token.js';

/** The features of the running kernel. */
export interface Features {
  /** As `uname -r` gives it. */
  readonly kernel: string;
  readonly programTypes: Readonly<Record<ProgramTypeName, Feature>>;
  readonly mapTypes: Readonly<Record<Exclude<MapKindName, 'unspec'>, Feature>>;
  /** By name without `bpf_`: known to the kernel, for programs of some type. {@link probeHelper} asks for one type. */
  readonly helpers: Readonly<Record<string, Feature>>;
  /** By section without target, as `fentry` or `cgroup/connect4`. */
  readonly sections: Readonly<Record<string, Feature>>;
  readonly linkTypes: Readonly<Record<LinkTypeName, Feature>>;
  /** Parts of the instruction set: clang's `-mcpu`, and what came without a number. */
  readonly instructions: Readonly<Record<InstructionSetName, Feature>>;
  /** Kinds of types in the BTF of programs. */
  readonly btfKinds: Readonly<Record<BtfKindName, Feature>>;
  /** By `BPF_F_…` in lower case. */
  readonly mapFlags: Readonly<Record<MapFlagProbeName, Feature>>;
  readonly programFlags: Readonly<Record<ProgramFlagName, Feature>>;
  /**
   * Kernel functions that programs may call; none where BTF does not tag them.
   *
   * @since Linux 6.11 (`decl_tag_kfuncs` in scripts/Makefile.btf)
   */
  readonly kfuncs: readonly string[];
}

/** Options of {@link features}. */
export interface FeaturesOptions {
  /**
   * A BPF file system to have a token from, in a user namespace.
   *
   * @since Linux 6.9 (bpf_token_create() in kernel/bpf/token.c)
   */
  readonly token?: string | undefined;
}

/**
 * Probes the kernel for its features: types of programs, maps and links, helpers, kfuncs, sections, instructions,
 * kinds of BTF, flags, each with the version that brought it. Conclusive answers are remembered; what a probe cannot
 * find out is `unknown`: without rights nearly all, in a user namespace with a token what takes a target in the
 * kernel.
 *
 * @throws BpfError where the folder gives no token
 * @example
 * ```ts
 * const { mapTypes, sections } = await features();
 * if (mapTypes.ringbuf.answer !== 'yes') console.error(mapTypes.ringbuf.reason);
 * console.log(sections['uprobe.multi']?.since); // '6.6'
 * ```
 */
export function features(options: FeaturesOptions = {}): Promise<Features> {
  return run(featuresFlow(options));
}

/** {@link features} on this thread. */
export function featuresSync(options: FeaturesOptions = {}): Features {
  return runSync(featuresFlow(options));
}

/** @internal {@link features} as a flow. */
export function* featuresFlow(options: FeaturesOptions): Flow<Features> {
  requireOptions('ask for features', options, ['token']);
  return yield* withToken(options.token, flow);
}

/** @param token - a descriptor, or 0 */
function* flow(token: number): Flow<Features> {
  const [typeFlow, mapFlow] =
    token === 0 ? [programTypeFlow, mapTypeFlow] : [delegatedTypeFlow, delegatedMapFlow];
  const programs = yield* each(namesOf(programTypes), name => typeFlow(name, token));
  const kinds = namesOf(mapKinds).filter(name => name !== 'unspec');
  return {
    kernel: kernelRelease,
    programTypes: programs,
    mapTypes: (yield* each(kinds, name => mapFlow(name, token))) as Features['mapTypes'],
    helpers: helperFeatures(),
    sections: sectionFeatures(programs.tracing),
    linkTypes: linkFeatures(),
    instructions: yield* each(namesOf(instructionSets), name => instructionSetFlow(name, token)),
    btfKinds: yield* each(namesOf(btfKinds), name => btfKindFlow(name, token)),
    mapFlags: yield* each(namesOf(mapFlagProbes), name => mapFlagFlow(name, token)),
    programFlags: yield* each(namesOf(programFlags), name => programFlagFlow(name, token)),
    kfuncs: kfuncNames(),
  };
}

function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(table) as Name[];
}

function* each<Name extends string>(
  names: readonly Name[],
  probe: (name: Name) => Flow<Feature>,
): Flow<Record<Name, Feature>> {
  const found: [Name, Feature][] = [];
  for (const name of names) found.push([name, yield* probe(name)]);
  return Object.fromEntries(found) as Record<Name, Feature>;
}

function helperFeatures(): Features['helpers'] {
  const ids = enumValues(ownTypes(), 'bpf_func_id');
  return Object.fromEntries(helpers.map(({ name, id, since }) => [name, named(ids, id, since)]));
}

function linkFeatures(): Features['linkTypes'] {
  const names = namesOf(linkTypes);
  return Object.fromEntries(names.map(name => [name, linkFeature(name)])) as Features['linkTypes'];
}

function sectionFeatures(tracing: Feature): Features['sections'] {
  const types = enumValues(ownTypes(), 'bpf_attach_type');
  const rows = Object.values<AttachKind>(attachKinds).flatMap(row =>
    row.sections.map(pattern => {
      const section = pattern.replace('+', '');
      return [section, sectionFeature(section, row, types, tracing)] as const;
    }),
  );
  return Object.fromEntries(rows);
}

/**
 * Programs behind a trampoline may fail to attach where all else says yes (register_fentry() in
 * kernel/bpf/trampoline.c).
 */
function sectionFeature(
  section: string,
  { since: first, config }: AttachKind,
  types: ReadonlySet<number> | undefined,
  tracing: Feature,
): Feature {
  const since = sectionSince(section) ?? first;
  const type = native().attachTypeByName(section);
  if (type > 0 && types !== undefined && !types.has(type))
    return absent(since, obstacle({ since }) ?? tooOld);
  const reason = obstacle({ since, config });
  if (reason !== undefined) return absent(since, reason);
  const rewrites = config.includes('DYNAMIC_FTRACE_WITH_DIRECT_CALLS');
  return rewrites && tracing.answer !== 'yes' ? { ...tracing, since } : present(since);
}
