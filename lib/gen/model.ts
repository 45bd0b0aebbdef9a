/** What an object contains, with the shapes of its types: read once, then described at run time or printed. */
import { Btf, Elf, requireBpfObject } from '../btf/index.js';
import { type Forms, FormTable, type Shape, type StructShape } from '../codec/index.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { type ContextModel, readContexts } from './contexts.js';
import { type KernelSymbol, readKconfig, readKernelSymbols } from './externs.js';
import { readGlobals } from './globals.js';
import { readMaps } from './maps.js';
import { objectName } from './names.js';
import { readPrograms } from './programs.js';

/** A program and the section it is in. */
export interface ProgramModel {
  readonly name: string;
  readonly section: string;
}

/** A map; key and value are absent where the object does not say them, or the kind has none. */
export interface MapModel {
  readonly name: string;
  readonly kind: MapKindName;
  readonly key: Shape | undefined;
  readonly value: Shape | undefined;
  /** Of a map of maps. */
  readonly inner?: MapModel;
}

/** The variables of one section. */
export interface GlobalsModel {
  /** The section's name without its dot: `rodata`, `data.tuning`; `arena` for variables in one. */
  readonly key: string;
  readonly shape: StructShape;
}

/** An object's content: programs and globals in file order, maps in order of declaration. */
export interface ObjectModel {
  readonly name: string;
  readonly programs: readonly ProgramModel[];
  /** What programs that are called are given. */
  readonly contexts: readonly ContextModel[];
  readonly maps: readonly MapModel[];
  readonly globals: readonly GlobalsModel[];
  /** Functions and variables of the kernel that the object uses by name. */
  readonly ksyms: readonly KernelSymbol[];
}

/** The names in {@link ModelOptions}. */
export const modelOptions = ['types', 'forms'] as const;

/** What an object cannot say about itself. */
export interface ModelOptions {
  /** C types of records, by map: `{ events: 'struct event' }`. For rings whose declaration names no type. */
  readonly types?: Readonly<Record<string, string>> | undefined;
  /** Which JavaScript form a C type takes, where there is a choice: `{ all: 'number' }`. */
  readonly forms?: Forms | undefined;
}

/**
 * Reads an object of either byte order.
 *
 * @param name - of the object or its file: `execsnoop`, `build/execsnoop.bpf.o`
 */
export function readModel(bytes: Uint8Array, name: string, options: ModelOptions = {}): ObjectModel {
  const elf = Elf.parse(bytes, name);
  requireBpfObject(elf);
  const btf = Btf.fromElf(elf);
  const forms = new FormTable(options.forms ?? {});
  const programs = readPrograms(elf);
  const model = {
    name: objectName(name),
    programs,
    contexts: readContexts(btf, programs, forms),
    maps: readMaps(btf, options.types ?? {}, forms),
    globals: [...readGlobals(elf, btf, forms), ...readKconfig(btf, forms)],
    ksyms: readKernelSymbols(elf, btf),
  };
  forms.requireUsed(name);
  return model;
}
