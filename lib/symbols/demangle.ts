/** Names of C++ and Rust as their sources have them, by a library of the compilers' own kind in WebAssembly. */
import { readFileSync } from 'node:fs';
import { argumentError, shown } from '../errors/arguments.js';
import { findPackage } from '../package.js';

/** Longer names are left as they are: what takes long, or is made to. */
const longest = 16 * 1024;

/** As every JavaScript engine of servers has it, of which Node's types tell nothing. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** What the module exports, as wasm-bindgen lays strings out. */
interface Demangler {
  readonly memory: { readonly buffer: ArrayBuffer };
  __wbindgen_malloc(size: number, alignment: number): number;
  __wbindgen_free(pointer: number, size: number, alignment: number): void;
  __wbindgen_start(): void;
  demangle_any(pointer: number, size: number): [pointer: number, size: number];
}

let loaded: Demangler | undefined;
let isMissing = false;

/**
 * The name of a function as in its source: `_ZN4node5StartEiPPc` is `node::Start(int, char**)`. A name that is not mangled, or
 * damaged, is given back as it is. Functions are told without what they return.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` for what is no string.
 * @example
 * ```ts
 * console.log(demangle('_ZN4core3fmt9Formatter3pad17h9b2b3a0e5b4d1b31E')); // core::fmt::Formatter::pad
 * ```
 */
export function demangle(name: string): string {
  if (typeof name !== 'string') throw argumentError('demangle', `a name is a string, not ${shown(name)}`);
  if (!/^_[ZR]/.test(name) || name.length > longest) return name;
  const demangler = load();
  if (!demangler) return name;
  try {
    return demangleBy(demangler, name);
  } catch {
    // A name that overflows the module's stack leaves it in an unknown state: the next has a new one.
    loaded = undefined;
    return name;
  }
}

function demangleBy(demangler: Demangler, name: string): string {
  const bytes = new TextEncoder().encode(name);
  const given = demangler.__wbindgen_malloc(bytes.length, 1) >>> 0;
  new Uint8Array(demangler.memory.buffer).set(bytes, given);
  const [pointer, size] = demangler.demangle_any(given, bytes.length);
  const text = new TextDecoder().decode(new Uint8Array(demangler.memory.buffer, pointer >>> 0, size >>> 0));
  demangler.__wbindgen_free(pointer, size, 1);
  // What is no name of either language comes back without its first underscore, as if it were one of macOS.
  return text === '' || text === name.slice(1) ? name : text;
}

/** Undefined where an application's bundle has left the module behind: names stay as their tables have them. */
function load(): Demangler | undefined {
  if (loaded || isMissing) return loaded;
  try {
    loaded = instantiate(readFileSync(new URL('dist/demangle.wasm', findPackage())));
  } catch (error) {
    // A shortage of descriptors or memory passes.
    isMissing = !['EMFILE', 'ENFILE', 'ENOMEM'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
  return loaded;
}

function instantiate(code: Uint8Array): Demangler {
  const module = new WebAssembly.Module(code);
  const instance = new WebAssembly.Instance(module, {
    // It wants a table of JavaScript values filled, of which it uses none.
    './index_bg.js': { __wbindgen_init_externref_table() {} },
  });
  const demangler = instance.exports as Demangler;
  demangler.__wbindgen_start();
  return demangler;
}
