/** Attaching all programs of an object: which are left alone, which may fail, and what is undone. */
import type { AnyAttachOptions, AttachArguments } from '../attach/arguments.js';
import { attachesBySection } from '../attach/attach-kind.js';
import { argumentError, requireOptions } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Link } from '../link/link.js';
import type { StructOpsMap } from '../map/struct-ops.js';
import type { Flow } from '../native/flow.js';
import type { Program } from '../program/program.js';

/** A program that `attach()` of the whole object left alone. */
export interface SkippedProgram {
  readonly program: string;
  readonly reason: string;
}

/** An optional program that could not be attached. */
export interface FailedProgram {
  readonly program: string;
  readonly error: BpfError;
}

/** What `attach()` of a whole object did; every program is in one of the three. */
export interface Attachment<Name extends PropertyKey = string> {
  /** By program, and by struct_ops table. */
  readonly links: Readonly<Partial<Record<Name, Link>>>;
  readonly skipped: readonly SkippedProgram[];
  readonly failed: readonly FailedProgram[];
}

/** What programs are attached with, by their names; a program's section decides what that may be. */
export type AttachOptionsOf<Sections extends Readonly<Record<PropertyKey, string>>> = {
  readonly [Name in keyof Sections]?: AttachArguments<Sections[Name]>[0];
};

/** How to attach a whole object. */
export interface AttachAllOptions<
  Name extends PropertyKey = string,
  Options extends object = Readonly<Partial<Record<Name, AnyAttachOptions>>>,
> {
  /** Programs whose failure is reported, not thrown. */
  readonly optional?: readonly Name[];
  /** Programs that do the same in different ways, the best first: once one is attached, the rest are skipped. */
  readonly alternatives?: readonly (readonly Name[])[];
  /**
   * What `Program.attach()` is given, by program: `{ on_free: { function: ['free_it', 'free_it.isra.0'] } }`. Those whose
   * section does not say where to attach are attached by it too.
   */
  readonly options?: Options;
}

/**
 * Attaches in order; nothing stays attached when it throws.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` where the options name a program that is not there, or where no program says where.
 */
export function* attachAll(
  object: string,
  programs: readonly Program[],
  tables: readonly StructOpsMap[],
  options: AttachAllOptions,
): Flow<Attachment> {
  requireKnown(object, programs, options);
  const run = new Run(options);
  const due = tables.filter(table => table.autoattach && !table.isAttached);
  try {
    if (due.length === 0) requirePlace(object, programs, options);
    for (const program of programs) yield* run.attach(program);
    for (const table of due) run.links[table.name] = yield* table.attachFlow();
  } catch (error) {
    for (const link of Object.values(run.links)) yield* link.detachFlow();
    throw error;
  }
  return run;
}

function requireKnown(object: string, programs: readonly Program[], options: AttachAllOptions): void {
  requireOptions(`attach ${object}`, options, ['optional', 'alternatives', 'options']);
  const { optional = [], alternatives = [], options: given = {} } = options;
  const known = programs.map(({ name }) => name);
  const stray = [...optional, ...alternatives.flat(), ...Object.keys(given)].find(
    name => !known.includes(name),
  );
  if (stray === undefined) return;
  const reason = `the options name ${stray}, which is no program of it; there are ${known.join(', ')}`;
  throw argumentError(`attach ${object}`, reason);
}

/** @throws BpfError that says what each program needs, where none of those that are loaded says enough. */
function requirePlace(
  object: string,
  programs: readonly Program[],
  { options = {} }: AttachAllOptions,
): void {
  const loaded = programs.filter(program => program.loaded);
  const hasPlace = ({ name, kind, section }: Program) =>
    options[name] !== undefined || attachesBySection(kind, section);
  const [first] = loaded.filter(program => needsOf(program).length > 0);
  if (first === undefined || loaded.some(hasPlace)) return;
  const needs = loaded.map(program => `${program.name} (SEC("${program.section}")) ${needOf(program)}`);
  const reason = `none of its programs says where to attach: ${needs.join('; ')}`;
  const hint = `attach({ options: { ${first.name}: { ${needsOf(first)[0]}: … } } })`;
  throw argumentError(`attach ${object}`, reason, hint);
}

function needsOf({ kind }: Program): readonly string[] {
  return kind?.needs ?? [];
}

function needOf(program: Program): string {
  const needs = needsOf(program);
  if (needs.length > 0) return `needs { ${needs.join(', ')} }`;
  return program.kind?.instead ?? 'is of a section that libbpf does not know';
}

/** One attaching of all; the report so far. */
class Run implements Attachment {
  readonly links: Record<string, Link> = {};
  readonly skipped: SkippedProgram[] = [];
  readonly failed: FailedProgram[] = [];
  readonly #options: AttachAllOptions;

  constructor(options: AttachAllOptions) {
    this.#options = options;
  }

  *attach(program: Program): Flow<void> {
    const reason = this.#reasonToSkip(program);
    if (reason !== undefined) {
      this.skipped.push({ program: program.name, reason });
      return;
    }
    try {
      this.links[program.name] = yield* program.attachFlow(this.#options.options?.[program.name]);
    } catch (error) {
      if (!(error instanceof BpfError) || !this.#mayFail(program.name)) throw error;
      this.failed.push({ program: program.name, error });
    }
  }

  #reasonToSkip(program: Program): string | undefined {
    const { name, kind, section, loaded, leftOut, isAttached, autoattach } = program;
    if (isAttached && this.#options.options?.[name] === undefined) return 'it is attached already';
    if (!loaded) return leftOut ?? 'its autoload was off';
    if (this.#options.options?.[name] === undefined && !autoattach) return 'its autoattach was off';
    if (this.#options.options?.[name] === undefined && !attachesBySection(kind, section))
      return `section ${section} does not say where to attach`;
    const better = this.#alternativesOf(name).find(other => other in this.links);
    return better === undefined ? undefined : `${better} is attached, which does the same`;
  }

  /** The last of several alternatives may fail no more than a program without any. */
  #mayFail(name: string): boolean {
    if (this.#options.optional?.includes(name)) return true;
    const others = this.#alternativesOf(name);
    return others.some(other => !this.failed.some(({ program }) => program === other));
  }

  #alternativesOf(name: string): readonly string[] {
    const group = this.#options.alternatives?.find(names => names.includes(name)) ?? [];
    return group.filter(other => other !== name);
  }
}
