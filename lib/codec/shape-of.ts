/** From a BTF type to its shape: which C types become what in JavaScript. */
import type { Btf, BtfArray, BtfEnum, BtfInt, BtfStruct, BtfType } from '../btf/index.js';
import { BpfError } from '../errors.js';
import { flatten } from './flatten.js';
import type { ScalarName } from './scalar.js';
import {
  type EnumShape,
  isFlexible,
  type MemberShape,
  type ScalarShape,
  type Shape,
  type StructShape,
} from './shape.js';
import { typedefName } from './typedef-name.js';

/** Deepest nesting of structs and arrays; the kernel's own goes to about fifteen. */
const deepest = 64;
/** Values in one type beyond which it is refused, unless it really has so many bytes: a small hostile one could hang. */
const mostValues = 1_000_000;

/** A shape and the number of values in it. */
interface Weighed<S extends Shape = Shape> {
  readonly shape: S;
  readonly values: number;
}

const shapes = new WeakMap<Btf, ShapeReader>();

/**
 * The shape of a C data type. Of a variable, that of its type.
 *
 * @param tail - false where the value is followed by others, so that a flexible array at its end has no elements
 * @throws BpfError `ERR_BPF_BTF` for `void`, functions, and structs that are only declared
 */
export function shapeOf(btf: Btf, id: number, tail = true): Shape {
  const reader = shapes.get(btf) ?? new ShapeReader(btf);
  shapes.set(btf, reader);
  return reader.read(id, tail, 0).shape;
}

/** Remembers the shapes of one BTF, so that a type that occurs twice is one shape. */
class ShapeReader {
  readonly #btf: Btf;
  readonly #known = new Map<string, Weighed>();

  constructor(btf: Btf) {
    this.#btf = btf;
  }

  /** @param tail - true where the type ends a record, so that a flexible array may take the rest */
  read(id: number, tail: boolean, depth: number): Weighed {
    const type = this.#btf.type(this.#btf.resolve(id));
    const label = type.name === '' ? typedefName(this.#btf, id) : type.name;
    // Most types have no flexible array, and are the same shape wherever they stand.
    const anywhere = this.#remember(type, label, true, depth);
    return tail || !isFlexible(anywhere.shape) ? anywhere : this.#remember(type, label, false, depth);
  }

  #remember(type: BtfType, label: string, tail: boolean, depth: number): Weighed {
    const key = `${type.id} ${tail} ${label}`;
    const known = this.#known.get(key) ?? this.#make(type, label, tail, depth);
    this.#known.set(key, known);
    return known;
  }

  #make(type: BtfType, label: string, tail: boolean, depth: number): Weighed {
    if (depth > deepest) throw this.#refused(type, `contains itself, or nests deeper than ${deepest}`);
    switch (type.kind) {
      case 'int':
        return one(this.#int(type));
      case 'ptr':
        return one({
          kind: 'scalar',
          scalar: this.#btf.pointerSize === 8 ? this.#ordered('pointer') : this.#ordered('u32'),
        });
      case 'float':
        return one(this.#float(type.size));
      case 'enum':
      case 'enum64':
        return one(this.#enum(type, label));
      case 'array':
        return this.#array(type, tail, depth);
      case 'struct':
      case 'union':
        return this.#struct(type, label, tail, depth);
      case 'var':
        return this.read(type.type, tail, depth + 1);
      default:
        throw this.#refused(type, 'is no data and has no codec');
    }
  }

  #int({ size, signed, bool }: BtfInt): Shape {
    if (bool && size === 1) return { kind: 'scalar', scalar: this.#ordered('bool') };
    if (![1, 2, 4, 8, 16].includes(size)) return { kind: 'bytes', length: size };
    return this.#integer(size, signed);
  }

  #integer(size: number, signed: boolean): ScalarShape {
    return { kind: 'scalar', scalar: this.#ordered(`${signed ? 's' : 'u'}${size * 8}` as ScalarName) };
  }

  /** `long double` has no counterpart; its bytes are left as they are. */
  #float(size: number): Shape {
    if (size === 4 || size === 8)
      return { kind: 'scalar', scalar: this.#ordered(size === 4 ? 'f32' : 'f64') };
    return { kind: 'bytes', length: size };
  }

  #enum(type: BtfEnum, label: string): EnumShape {
    const { size, signed } = type;
    if (![1, 2, 4, 8].includes(size)) throw this.#refused(type, `is an enum of ${size} bytes`);
    const wide = size === 8;
    return {
      kind: 'enumeration',
      type: type.name === '' && label !== '' ? label : `enum ${label}`.trimEnd(),
      scalar: this.#integer(size, signed).scalar,
      values: type.values.map(({ name, value }) => [name, wide ? BigInt(value) : Number(value)] as const),
    };
  }

  #array(type: BtfArray, tail: boolean, depth: number): Weighed {
    const flexible = tail && type.count === 0;
    const kind = this.#charKind(type.type);
    if (kind) return one(flexible ? { kind } : { kind, length: type.count });
    const { shape, values } = this.read(type.type, false, depth + 1);
    const all = values * type.count;
    this.#limit(type, all, this.#btf.sizeOf(type.id));
    return {
      shape: flexible ? { kind: 'array', of: shape } : { kind: 'array', of: shape, count: type.count },
      values: all + 1,
    };
  }

  /** `char` makes text, `unsigned char` bytes, `signed char` neither. */
  #charKind(element: number): 'text' | 'bytes' | undefined {
    const type = this.#btf.type(this.#btf.resolve(element));
    if (type.kind !== 'int' || type.size !== 1 || type.bool) return undefined;
    if (type.name === 'char') return 'text';
    return type.signed ? undefined : 'bytes';
  }

  #struct(type: BtfStruct, label: string, tail: boolean, depth: number): Weighed<StructShape> {
    const flat = flatten(this.#btf, type);
    const end = flat.reduce((most, member) => Math.max(most, member.end), 0);
    if (end > type.size * 8) throw this.#refused(type, `has members up to bit ${end} in ${type.size} bytes`);
    let values = 1;
    const members = flat.map((member): MemberShape => {
      const read = this.#member(
        member.type,
        member.bits,
        member.start,
        tail && member.end === end,
        depth + 1,
      );
      values += read.values;
      this.#limit(type, values, type.size);
      return { name: member.name, offset: Math.floor(member.start / 8), shape: read.shape };
    });
    const named = type.name === '' && label !== '' ? label : `${type.kind} ${label}`.trimEnd();
    return { shape: { kind: type.kind, type: named, size: type.size, members }, values };
  }

  #member(id: number, bits: number, start: number, tail: boolean, depth: number): Weighed {
    const read = this.read(id, tail, depth);
    if (bits === 0) return read;
    const { shape } = read;
    const integer =
      shape.kind === 'enumeration' || (shape.kind === 'scalar' && !/^[fp]|128/.test(shape.scalar));
    if (!integer || bits > 64)
      throw this.#refused(this.#btf.type(id), `is no type for a bitfield of ${bits} bits`);
    return one({ kind: 'bits', of: shape, skip: start % 8, width: bits });
  }

  #limit(type: BtfType, values: number, size: number): void {
    if (values <= mostValues || values <= size * 8) return;
    throw this.#refused(type, `has ${values} values in ${size} bytes`);
  }

  #ordered(scalar: ScalarName): ScalarName {
    return this.#btf.littleEndian ? scalar : (`${scalar}be` as ScalarName);
  }

  #refused(type: BtfType, why: string): BpfError {
    const name = `${type.kind} ${type.name}`.trimEnd();
    return new BpfError({
      code: 'ERR_BPF_BTF',
      operation: `read ${this.#btf.subject}`,
      reason: `BTF type ${type.id}, ${name}, ${why}`,
    });
  }
}

function one<S extends Shape>(shape: S): Weighed<S> {
  return { shape, values: 1 };
}
