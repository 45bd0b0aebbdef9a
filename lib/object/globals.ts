/** Global variables of an object: each data section as an object whose properties are the C variables. */

import type { Codec } from '../codec/index.js';
import { argumentError, requireText } from '../errors/arguments.js';
import type { BpfError } from '../errors/bpf-error.js';
import { meant } from '../errors/nearest.js';
import { mapKinds } from '../kinds/map-kinds.js';
import { type Addend, MappedField } from '../map/memory/mapped-field.js';
import { Memory } from '../map/memory/memory.js';
import { check } from '../native/errno.js';
import { type Errno, type MapHandle, native } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { CopiedVariable } from './copied-variable.js';
import { isConstant, loadedBytes, type SectionBytes } from './section-bytes.js';
import { defineMembers, type MakeVariable, type Variable } from './variables.js';

/**
 * A data section in memory, mapped by libbpf: the initial values before load, the map's own memory after it
 * (bpf_object__create_maps() in libbpf.c).
 */
export interface Section {
  readonly map: MapHandle;
  /** As in C: `.rodata`. */
  readonly name: string;
  readonly state: ObjectState;
}

/** The variables behind the objects that {@link globals} made. */
const variablesOf = new WeakMap<object, ReadonlyMap<string, Variable>>();

/**
 * Variables after load, live: in the map's memory where it is mapped (`BPF_F_MMAPABLE`), a copy of constants, and
 * copied for each use where it is not.
 */
// biome-ignore lint/suspicious/noExplicitAny: every section has its own variables
export function liveGlobals<T>(section: Section, codec: Codec<any>): T {
  const bytes = loadedBytes(section.map);
  const place = placeOf(section, bytes);
  if (place === undefined) return copied(section, bytes, codec);
  const { memory, start } = place;
  section.state.adopt(memory);
  const { name: sectionName, state } = section;
  return variablesObject(codec, start, (name, field, spacing) => {
    return new MappedField(memory, `${sectionName} ${name} of ${state.name}`, field, spacing);
  }) as T;
}

function copied<T>(section: Section, bytes: SectionBytes, codec: Codec<unknown>): T {
  return variablesObject(codec, 0, (name, field, spacing) => {
    return new CopiedVariable(section, bytes, name, field, spacing);
  }) as T;
}

/** Memory of this process that has a section's variables, from which byte on. */
interface Place {
  readonly memory: Memory;
  readonly start: number;
}

function placeOf({ map, name, state }: Section, bytes: SectionBytes): Place | undefined {
  const subject = `section ${name} of ${state.name}`;
  const isArena = native().mapType(map) === mapKinds.arena.type;
  const memory = isArena ? Memory.arena(map, subject) : memoryOf(map, bytes, subject);
  if (!(memory instanceof Memory)) return undefined;
  return { memory, start: isArena ? check(native().arenaDataOffset(map), `map ${subject}`) : 0 };
}

function memoryOf(map: MapHandle, bytes: SectionBytes, subject: string): Memory | Errno {
  const size = check(native().mapValueSize(map), `map ${subject}`);
  if (!isConstant(map)) return Memory.map(map, size, subject);
  const copy = new Uint8Array(size);
  check(bytes.read(0, copy), `read ${subject}`);
  return Memory.constant(copy, subject);
}

/** A section's variables as properties of one object, from a byte of its memory on. */
export function variablesObject(codec: Codec<unknown>, start: number, make: MakeVariable): object {
  // An object literal without a prototype would be a slow dictionary.
  const properties: object = Object.setPrototypeOf({}, null);
  variablesOf.set(properties, defineMembers(properties, codec, start, '', make));
  return properties;
}

/** Sets those variables that `values` names. */
export function assignGlobals(variables: object, values: object, section: string): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(name in variables)) throw unknownVariable(name, section, variables);
    (variables as Record<string, unknown>)[name] = value;
  }
}

/**
 * Adds to a global variable in one step that no CPU gets between; it wraps around as in C.
 *
 * @param section - as `bpf.globals.bss`
 * @param name - of a variable of 32 or 64 bits
 * @returns the old value
 * @throws BpfError `ERR_BPF_VALUE` for a variable or addend of another type, `ERR_BPF_PHASE` for a constant
 *
 * @example
 * ```ts
 * const before = atomicAdd(bpf.globals.bss, 'seen', 1n);
 * ```
 */
export function atomicAdd<T extends object, Name extends keyof T & string>(
  section: T,
  name: Name,
  addend: Addend<T[Name]>,
): T[Name] {
  return variable(section, name, 'add to').add(0, addend as never) as T[Name];
}

/**
 * Writes `replacement` to a global variable where its value is `expected`, in one step that no CPU gets between.
 *
 * @param section - as `bpf.globals.bss`
 * @param name - of a variable of 32 or 64 bits
 * @returns the old value: `expected` where it was replaced
 * @throws BpfError as {@link atomicAdd}
 *
 * @example
 * ```ts
 * const taken = atomicCompareExchange(bpf.globals.bss, 'owner', 0, process.pid) === 0;
 * ```
 */
export function atomicCompareExchange<T extends object, Name extends keyof T & string>(
  section: T,
  name: Name,
  expected: T[Name],
  replacement: T[Name],
): T[Name] {
  return variable(section, name, 'compare and exchange').compareExchange(0, expected, replacement) as T[Name];
}

function variable(section: object, name: string, verb: string): Variable {
  requireText(`${verb} a variable`, 'its name', name);
  const variables = variablesOf.get(section);
  const found = variables?.get(name);
  if (found !== undefined) return found;
  const reason = variables
    ? `there is no such variable; the section has: ${[...variables.keys()].join(', ')}`
    : 'that is no section: pass bpf.globals.bss or another';
  throw argumentError(`${verb} ${name}`, reason);
}

function unknownVariable(name: string, section: string, variables: object): BpfError {
  const known = Object.keys(variables).join(', ') || 'none';
  const reason = `there is no such variable; ${section} has: ${known}`;
  return argumentError(`set ${section} ${name}`, reason, meant(name, Object.keys(variables)));
}
