/** A script to programs and maps: text, tree, types, form, instructions. Pure: what it knows of a machine is given. */
import type { Action, Loss } from './actions.js';
import { programLines } from './code/program.js';
import type { CodeLine } from './code/writer.js';
import { readHead } from './declare/directives.js';
import { withDeclared } from './declare/target.js';
import { expand } from './expand/expand.js';
import type { ScriptArguments } from './expand/parameters.js';
import type { Form } from './form/form.js';
import { lower, lowerAs } from './lower/expressions.js';
import { Lowering, type Shared } from './lower/lowering.js';
import { controlMap, lostMap, ringMap, tableMap } from './lower/map-names.js';
import { lowerEndOfIteration, lowerPredicate, lowerStatements } from './lower/statements.js';
import type { TraceTarget } from './machine.js';
import { parseScript } from './parse/script.js';
import type { ProbePlan } from './probes/plan.js';
import { type Settings, settingsOf } from './settings.js';
import { type TextTable, tables, textBytes } from './tables.js';
import { Script } from './text/script.js';
import type { Tree } from './tree/tree.js';
import { infer } from './types/infer.js';
import type { MapUse, TypedProgram, Unit } from './types/program.js';
import { storageSize, type Type } from './types/type.js';
import { Typing } from './types/typing.js';

/** A BPF program of a script: one for each attach point. */
export interface CompiledProbe {
  readonly name: string;
  readonly plan: ProbePlan;
  readonly lines: readonly CodeLine[];
}

/** A map to be made. */
export interface CompiledMap {
  readonly name: string;
  readonly kind:
    | 'hash'
    | 'percpu_hash'
    | 'lru_hash'
    | 'lru_percpu_hash'
    | 'percpu_array'
    | 'array'
    | 'ringbuf';
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  /** Of the script's own: what keys and values are. */
  readonly types?: { readonly key: Type | undefined; readonly value: Type };
  readonly isPreallocated: boolean;
  /** What it has from the start: texts by their numbers. */
  readonly table?: TextTable;
}

export interface CompiledScript {
  readonly script: Script;
  readonly settings: Settings;
  readonly tree: Tree;
  readonly probes: readonly CompiledProbe[];
  readonly maps: readonly CompiledMap[];
  readonly actions: readonly Action[];
  /** Where something may be lost, by the number that counts it. */
  readonly losses: readonly Loss[];
}

export interface CompileOptions {
  readonly name?: string;
  readonly target?: TraceTarget;
  readonly parameters?: ScriptArguments;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const noParameters: ScriptArguments = { positional: [], named: {} };

/** @throws BpfError `ERR_BPF_ARGUMENT` with line, column and what is wrong there */
export function compileScript(text: string, options: CompileOptions = {}): CompiledScript {
  const script = new Script(text, options.name ?? 'stdin');
  const tree = parseScript(script);
  const settings = settingsOf(tree.settings, script, options.environment ?? {});
  refuseMissing(tree, script);
  const given = options.target ?? {};
  const head = readHead(tree.declarations, script, ['BPFTRACE_HAVE_BTF']);
  const target = withDeclared(head, script, given);
  const probes = expand(tree, head.constants, script, options.parameters ?? noParameters);
  const typed = infer(probes, tree.maps, script, settings, target);
  requireFewProbes(typed);
  return { script, settings, tree, ...generate(typed, target) };
}

function refuseMissing({ imports }: Tree, script: Script): void {
  const [first] = imports;
  if (first !== undefined) throw script.error(first, 'imports are not supported yet');
}

function requireFewProbes({ script, units, settings }: TypedProgram): void {
  const [first] = units;
  if (units.length <= settings.max_probes || first === undefined) return;
  const reason = `${units.length} probes are more than max_probes, which is ${settings.max_probes}`;
  throw script.error(first.probe, reason, 'raise it: config = { max_probes = 2000 }');
}

function generate(typed: TypedProgram, target: TraceTarget) {
  const shared: Shared = { actions: [], losses: [] };
  const used = new Set<TextTable>();
  const { script, settings, maps, variables } = typed;
  const forms = typed.units.map((unit, at) => {
    const typing = new Typing({
      script,
      settings,
      target,
      maps: new Map(maps),
      variables: new Map(variables),
      unit,
    });
    return formOf(typed, unit, typing, { ...shared, used }, at);
  });
  const probes = forms.map((form, at) => {
    const plan = typed.units[at]?.plan as ProbePlan;
    return { name: form.name, plan, lines: programLines(form) };
  });
  const all = [...mapsOf(typed, forms, shared.losses.length), ...[...used].map(textMap)];
  return { ...shared, probes, maps: all };
}

interface Used extends Shared {
  readonly used: Set<TextTable>;
}

function formOf(typed: TypedProgram, unit: Unit, typing: Typing, used: Used, at: number): Form {
  const lowering = new Lowering(typed, unit, typing, used, { lower, lowerAs, lowerStatements });
  lowerEndOfIteration(lowering);
  if (unit.probe.predicate) lowerPredicate(lowering, unit.probe.predicate);
  lowerStatements(lowering, unit.probe.body);
  for (const each of lowering.tables) used.used.add(each);
  return {
    name: `probe_${at}`,
    span: unit.probe,
    steps: lowering.steps,
    slots: lowering.mostSlots,
    frameSize: Math.max(8, lowering.mostFrameSize),
    frameMap: `.frame_${at}`,
  };
}

const ringBytes = 2 ** 22;
const controlBytes = 2 ** 12;
/** Elements of more bytes are made when they are needed. */
const mostPreallocated = 256;

function mapsOf({ maps, settings }: TypedProgram, forms: readonly Form[], losses: number): CompiledMap[] {
  const array = { kind: 'percpu_array', keySize: 4, maxEntries: 1, isPreallocated: true } as const;
  const ring = { kind: 'ringbuf', keySize: 0, valueSize: 0, isPreallocated: true } as const;
  return [
    ...[...maps.values()].map(use => scriptMap(use, settings)),
    ...forms.map(({ frameMap: name, frameSize: valueSize }): CompiledMap => ({ ...array, name, valueSize })),
    { ...array, name: lostMap, valueSize: 8, maxEntries: Math.max(1, losses) },
    { ...ring, name: ringMap, maxEntries: ringBytes },
    { ...ring, name: controlMap, maxEntries: controlBytes },
  ];
}

function textMap(table: TextTable): CompiledMap {
  const [name, maxEntries] = [tableMap(table), tables[table]];
  return { name, kind: 'array', keySize: 4, valueSize: textBytes, maxEntries, isPreallocated: true, table };
}

const declaredKinds: Readonly<Record<string, CompiledMap['kind']>> = {
  hash: 'hash',
  lruhash: 'lru_hash',
  percpuhash: 'percpu_hash',
  percpulruhash: 'lru_percpu_hash',
};

function scriptMap(
  { name, key, value, kind, maxEntries }: MapUse,
  { max_map_keys: most }: Settings,
): CompiledMap {
  const byType = value.kind === 'aggregate' ? 'percpu_hash' : 'hash';
  const declared = kind === undefined ? undefined : declaredKinds[kind];
  const isLru = declared?.startsWith('lru');
  const chosen =
    isLru && value.kind === 'aggregate'
      ? 'lru_percpu_hash'
      : value.kind === 'aggregate'
        ? byType
        : (declared ?? byType);
  const valueSize = storageSize(value);
  return {
    name,
    kind: chosen,
    keySize: key === undefined ? 8 : storageSize(key),
    valueSize,
    maxEntries: key === undefined ? 1 : (maxEntries ?? most),
    types: { key, value },
    isPreallocated: isLru === true || valueSize <= mostPreallocated,
  };
}
