/** C variables as properties: structs and arrays are live, so that a write to one of their members is a write to memory. */
import type { Codec, StructCodec } from '../codec/index.js';
import type { Addend } from '../map/memory/mapped-field.js';
import type { Spacing } from '../map/memory/words.js';
import { type Elements, elementsOf } from './array-view.js';

/** Values of one type at equal distances, wherever their bytes are; a `MappedField` is one. */
export interface Variable {
  readonly get: (index: number) => unknown;
  set(index: number, value: unknown): void;
  add(index: number, addend: Addend<unknown>): unknown;
  compareExchange(index: number, expected: unknown, replacement: unknown): unknown;
  /** The bytes themselves: what is written to them is written to memory. Undefined where that may not be. */
  bytesAt(index: number): Uint8Array | undefined;
  /** @throws BpfError where there is no such index, or after close */
  require(verb: string, index: number): void;
}

/** Makes what reads and writes a variable, or the elements of one, by its name in messages. */
export type MakeVariable = (name: string, codec: Codec<unknown>, spacing: Spacing) => Variable;

/** An array's codec, which knows its elements'. */
type ArrayCodec = Codec<unknown> & { readonly element: Codec<unknown> };

/**
 * Defines a property for each member of a struct. Numbers and text are read and written at once; a struct or array is
 * read as one object, the same each time, whose members are properties again.
 *
 * @param prefix - of the members' names in messages
 * @returns the members by name
 */
export function defineMembers(
  target: object,
  codec: Codec<unknown>,
  offset: number,
  prefix: string,
  make: MakeVariable,
): ReadonlyMap<string, Variable> {
  const { layout } = codec as StructCodec<Record<string, unknown>>;
  const entries = Object.entries(layout).map(([name, [at, member]]): [string, Variable] => {
    const [title, start] = [`${prefix}${name}`, offset + at];
    const variable = make(title, member, { offset: start, stride: member.size, count: 1 });
    const get = readerOf(variable, member, title, start, make);
    const set = (value: unknown) => variable.set(0, value);
    Object.defineProperty(target, name, { enumerable: true, get, set });
    return [name, variable];
  });
  Object.seal(target);
  return new Map(entries);
}

/** What reads a value: a number as fast as can be, a struct or array as a view that is made once. */
function readerOf(
  variable: Variable,
  codec: Codec<unknown>,
  name: string,
  offset: number,
  make: MakeVariable,
): () => unknown {
  const view = viewOf(codec, name, offset, make);
  if (view === undefined) return readScalar(variable, codec);
  let made: object | undefined;
  return () => {
    variable.require('read', 0);
    made ??= view();
    return made;
  };
}

function readScalar(variable: Variable, codec: Codec<unknown>): () => unknown {
  const { get } = variable;
  if ('toInteger' in codec) return () => get(0);
  return () => {
    const value = get(0);
    return value instanceof Uint8Array ? (variable.bytesAt(0) ?? value) : value;
  };
}

/** Makes the view of a struct or array; undefined for what is no such thing. */
function viewOf(
  codec: Codec<unknown>,
  name: string,
  offset: number,
  make: MakeVariable,
): (() => object) | undefined {
  if ('layout' in codec) {
    return () => {
      const view = {};
      defineMembers(view, codec, offset, `${name}.`, make);
      return view;
    };
  }
  if (!('element' in codec)) return undefined;
  return () => elementsOf(elements(codec as ArrayCodec, name, offset, make));
}

function elements({ element, size }: ArrayCodec, name: string, offset: number, make: MakeVariable): Elements {
  const stride = element.size;
  const count = stride === 0 ? 0 : Math.floor(size / stride);
  const variable = make(name, element, { offset, stride, count });
  const isWhole = !('layout' in element || 'element' in element);
  const views = new Map<number, object>();
  const view = (index: number) => {
    variable.require('read', index);
    const at = offset + index * stride;
    const made = views.get(index) ?? viewOf(element, `${name}[${index}]`, at, make)?.();
    if (made) views.set(index, made);
    return made;
  };
  const whole = (index: number) => {
    const value = variable.get(index);
    return value instanceof Uint8Array ? (variable.bytesAt(index) ?? value) : value;
  };
  return { count, get: isWhole ? whole : view, set: (index, value) => variable.set(index, value) };
}
