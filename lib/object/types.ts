/** How a description's types become the types of an object's properties. */
import type { Codec, ValueOf } from '../codec/index.js';
import type { Description } from '../gen/description.js';

/** Globals by section, each variable with its type. */
export type GlobalsOf<D extends Description> = {
  readonly [Section in keyof D['globals']]: ValueOf<D['globals'][Section]>;
};

/** Globals after load: constants cannot be written any more. */
export type LoadedGlobalsOf<D extends Description> = {
  readonly [Section in keyof D['globals']]: Section extends `rodata${string}` | 'kconfig'
    ? Readonly<ValueOf<D['globals'][Section]>>
    : ValueOf<D['globals'][Section]>;
};

/** What a syscall program is given; bytes where its source says no type. */
export type ContextOf<D extends Description, Name extends PropertyKey> = D extends {
  readonly contexts: { readonly [Key in Name]: Codec<infer Context> };
}
  ? Context
  : Uint8Array;

/** Values for some variables of some sections. */
export type InitialGlobals<D extends Description> = {
  readonly [Section in keyof D['globals']]?: Partial<ValueOf<D['globals'][Section]>>;
};
