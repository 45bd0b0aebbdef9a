/** How a description's types become the types of an object's properties. */
import type { ValueOf } from './codec/index.js';
import type { Description } from './gen/description.js';

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

/** Values for some variables of some sections. */
export type InitialGlobals<D extends Description> = {
  readonly [Section in keyof D['globals']]?: Partial<ValueOf<D['globals'][Section]>>;
};
