/**
 * What an object takes from the kernel that it is loaded on: configuration values, symbols
 * (bpf_object__collect_externs() in libbpf.c).
 */
import { type Btf, type Elf, variablesIn } from '../btf/index.js';
import { type FormTable, type MemberShape, shapeOf } from '../codec/index.js';
import type { KernelSymbolKind } from './description.js';
import type { GlobalsModel } from './model.js';

/** A function or variable of the kernel. */
export interface KernelSymbol {
  readonly name: string;
  readonly kind: KernelSymbolKind;
}

/** `STB_WEAK`. */
const weak = 2;

/**
 * Variables of `.kconfig`, where libbpf puts them: the strictest alignment first, then the smallest (cmp_externs() in
 * libbpf.c).
 */
export function readKconfig(btf: Btf, forms: FormTable): GlobalsModel[] {
  const variables = variablesIn(btf, '.kconfig').map(({ name, type }) => {
    return { name, type, size: btf.sizeOf(type), align: btf.alignOf(type) };
  });
  variables.sort((a, b) => b.align - a.align || a.size - b.size || (a.name < b.name ? -1 : 1));
  let end = 0;
  const members = variables.map(({ name, type, size, align }): MemberShape => {
    const offset = Math.ceil(end / align) * align;
    end = offset + size;
    return { name, offset, shape: shapeOf(btf, type, { tail: false, forms }) };
  });
  const shape = { kind: 'struct', type: '.kconfig', size: end, members } as const;
  return members.length > 0 ? [{ key: 'kconfig', shape }] : [];
}

/** Externs of `.ksyms`, functions and variables, by name. */
export function readKernelSymbols(elf: Elf, btf: Btf): KernelSymbol[] {
  const id = btf.find('datasec', '.ksyms');
  const datasec = id === undefined ? undefined : btf.type(id);
  if (datasec?.kind !== 'datasec') return [];
  const bindings = new Map(elf.symbols.map(({ name, binding }) => [name, binding]));
  const found = datasec.variables.map(({ type }): KernelSymbol => {
    const { kind, name } = btf.type(type);
    const what = kind === 'func' ? 'function' : 'variable';
    return { name, kind: bindings.get(name) === weak ? `weak ${what}` : what };
  });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}
