/** A value of any type of any BTF, with no generated code: its bytes, and what they mean. */
import { inspect } from 'node:util';
import { CType } from '../btf/index.js';
import { argumentError } from '../errors/arguments.js';
import { decode, encode } from './buffer.js';
import { buildCodec } from './build.js';
import { cText } from './c-text.js';
import { type Codec, leastOf } from './codec.js';
import { type Forms, FormTable } from './forms.js';
import { fromJson, toJson } from './json.js';
import type { Shape } from './shape.js';
import { shapeOf } from './shape-of.js';

/**
 * A C value at run time. `util.inspect` and text show it as C does; `JSON.stringify` takes it, and
 * {@link CValue.fromJSON} gives it back.
 *
 * @example
 * ```ts
 * const task = new CValue(kernelBtf().get('struct task_struct'), bytes);
 * task.value.pid;
 * console.log(task); // (struct task_struct) { .thread_info = { … }, … }
 * ```
 */
export class CValue {
  readonly type: CType;
  /** Its bytes, as C has them; invalid UTF-8 and padding too. */
  readonly bytes: Uint8Array;
  readonly #shape: Shape;

  /**
   * @param bytes - as many as the type has; more where it ends in a flexible array. They are not copied
   * @param forms - as for `open()`
   * @throws BpfError `ERR_BPF_BTF` for a type that is no data, `ERR_BPF_RECORD` for too few bytes
   */
  constructor(type: CType, bytes: Uint8Array, forms?: Forms) {
    this.type = requireType(type);
    this.bytes = bytes;
    this.#shape = shapeFor(type, forms);
    if (bytes.length < leastOf(buildCodec(this.#shape))) decode(buildCodec(this.#shape), bytes);
  }

  /**
   * The value that JavaScript gives it: what `value` is.
   *
   * @throws BpfError `ERR_BPF_VALUE` that names the member that does not fit
   */
  static of(type: CType, value: unknown, forms?: Forms): CValue {
    const codec = buildCodec(shapeFor(requireType(type), forms));
    return new CValue(type, encode(codec, value), forms);
  }

  /**
   * The value that JSON gives it: what {@link toJSON} made, or a text of that.
   *
   * @throws BpfError `ERR_BPF_VALUE` that names the member that does not fit
   */
  static fromJSON(type: CType, json: unknown, forms?: Forms): CValue {
    const plain =
      typeof json === 'string' && shapeFor(requireType(type), forms).kind !== 'text'
        ? JSON.parse(json)
        : json;
    return CValue.of(type, fromJson(shapeFor(type, forms), plain), forms);
  }

  /** A codec for maps and rings whose values are to be kept as they are. */
  static codec(type: CType, forms?: Forms): Codec<CValue> {
    const { type: name, size, least = size, flexible } = buildCodec(shapeFor(requireType(type), forms));
    return {
      type: name,
      size,
      least,
      flexible,
      read: (view, offset, end) =>
        new CValue(type, new Uint8Array(view.buffer, view.byteOffset + offset, end - offset).slice(), forms),
      write: (view, offset, { bytes }) =>
        new Uint8Array(view.buffer, view.byteOffset + offset, bytes.length).set(bytes),
    };
  }

  /** What generated code would give: an object for a struct, a number, a string. Read anew each time. */
  // biome-ignore lint/suspicious/noExplicitAny: the type is known at run time only
  get value(): any {
    return decode(buildCodec(this.#shape), this.bytes);
  }

  /** Plain JSON: 64-bit integers as decimal text, bytes as hexadecimal text. */
  toJSON(): unknown {
    return toJson(this.value);
  }

  /** As C writes it: `(struct event) { .pid = 7, .comm = "node" }`. */
  toString(): string {
    return `(${this.type.cName}) ${cText(this.#shape, this.value)}`;
  }

  /** @internal */
  [inspect.custom](): string {
    return this.toString();
  }
}

function shapeFor({ btf, id }: CType, forms?: Forms): Shape {
  return shapeOf(btf, id, forms ? { forms: FormTable.of(forms) } : {});
}

function requireType(type: CType): CType {
  if (type instanceof CType) return type;
  const reason = 'a value has a type of a Btf';
  throw argumentError('read a C value', reason, "btf.get('struct x')");
}
