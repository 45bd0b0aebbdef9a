/** Needs of an object, read from its file: sections, targets, helpers, map kinds, kernel symbols. */
import { capabilitiesOf, kindNameOf, sectionTarget } from '../attach/sections.js';
import type { AttachKindName } from '../attach/table.js';
import type { Btf, Elf } from '../btf/index.js';
import type { Features } from '../features/index.js';
import { probeKfuncSync } from '../features/index.js';
import { ownTypes } from '../features/kernel-names.js';
import { findHelperCalls } from '../gen/helper-calls.js';
import { readModel } from '../gen/model.js';

/** One program, and what of it this machine lacks. */
export interface ProgramNeeds {
  readonly name: string;
  readonly section: string;
  /** Capabilities that loading and attaching it take, as `CAP_BPF` (capabilities(7)). */
  readonly capabilities: readonly string[];
  /** Helpers that its section's functions call, with `bpf_`. */
  readonly helpers: readonly string[];
  /** What is missing here, each with its reason; empty where nothing is. */
  readonly missing: readonly string[];
}

/** One map, and why it cannot be made on this kernel. */
export interface MapNeeds {
  readonly name: string;
  readonly kind: string;
  readonly missing: readonly string[];
}

/** An object, before it is loaded. */
export interface ObjectNeeds {
  readonly name: string;
  readonly programs: readonly ProgramNeeds[];
  readonly maps: readonly MapNeeds[];
  /** Kernel functions that it wants and that are not there; weak ones, which it may do without, too. */
  readonly missingKfuncs: readonly string[];
}

/** Reads an object and compares it with the features of the kernel. */
export function objectNeeds(elf: Elf, features: Features): ObjectNeeds {
  const { name, programs, maps, ksyms } = readModel(elf.bytes, elf.subject);
  const types = ownTypes();
  const calls = findHelperCalls(elf.bytes, elf.subject);
  const functions = ksyms.filter(({ kind }) => kind.endsWith('function')).map(symbol => symbol.name);
  return {
    name,
    programs: programs.map(({ name, section }) => {
      const helpers = calls.get(name) ?? [];
      const missing = [
        ...missingSection(section, features),
        ...missingTarget(section, types),
        ...missingHelpers(helpers, features),
      ];
      return { name, section, capabilities: capabilitiesOf(section) ?? [], helpers, missing };
    }),
    maps: maps.map(({ name, kind }) => ({ name, kind, missing: missingKind(kind, features) })),
    missingKfuncs: functions.filter(name => probeKfuncSync(name).answer === 'no'),
  };
}

function missingSection(section: string, { sections }: Features): string[] {
  const target = sectionTarget(section);
  const plain = target === undefined ? section : section.slice(0, -target.length - 1);
  const feature = sections[plain];
  return feature === undefined || feature.answer === 'yes' ? [] : [`section ${plain}: ${feature.reason}`];
}

function missingHelpers(names: readonly string[], { helpers }: Features): string[] {
  return names.flatMap(name => {
    const feature = helpers[name.replace(/^bpf_/, '')];
    return feature?.answer === 'no' ? [`helper ${name}: ${feature.reason}`] : [];
  });
}

function missingKind(kind: string, { mapTypes }: Features): string[] {
  const feature = (mapTypes as Features['helpers'])[kind];
  return feature === undefined || feature.answer === 'yes' ? [] : [`${feature.reason}`];
}

/** Of kinds whose target is named by the kernel's types. */
const targets: Readonly<Partial<Record<AttachKindName, (btf: Btf, target: string) => boolean>>> = {
  fentry: (btf, target) => btf.find('func', target) !== undefined,
  fmod_ret: (btf, target) => btf.find('func', target) !== undefined,
  lsm: (btf, target) => btf.find('func', `bpf_lsm_${target}`) !== undefined,
  tp_btf: (btf, target) => btf.find('typedef', `btf_trace_${target}`) !== undefined,
};

function missingTarget(section: string, types: Btf | undefined): string[] {
  const [kind, target] = [kindNameOf(section), sectionTarget(section)];
  const has = kind && targets[kind];
  if (types === undefined || target === undefined || has === undefined || has(types, target)) return [];
  return [`target ${target}: this kernel has no such function or tracepoint for ${kind}`];
}
