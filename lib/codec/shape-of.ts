/** From a BTF type to its shape: which C types become what in JavaScript. */
import {
  type Btf,
  type BtfArray,
  type BtfEnum,
  type BtfStruct,
  type BtfType,
  isCutEnum,
} from '../btf/index.js';
import { charKind, orderOf, taggedName, wholeForm } from './choice.js';
import { type FlatMember, flatten } from './flatten.js';
import { type Form, FormTable, isNumberForm } from './forms.js';
import { enumShape, floatShape, intShape, pointerShape } from './scalar-shape.js';
import { isFlexible, type MemberShape, type Shape, type StructShape } from './shape.js';
import { refused, requireFewValues, unfitForm } from './shape-fault.js';
import { typedefNames } from './typedef-name.js';

/** Deepest nesting of structs and arrays; the kernel's own goes to about fifteen. */
const deepest = 64;

/** How a type is read where there is a choice. */
interface ShapeOptions {
  /** False where the value is followed by others, so that a flexible array at its end has no elements. */
  readonly tail?: boolean;
  readonly forms?: FormTable;
}

/** A shape and the number of values in it. */
interface Weighed<S extends Shape = Shape> {
  readonly shape: S;
  readonly values: number;
}

const shapes = new WeakMap<Btf, WeakMap<FormTable, ShapeReader>>();
const noChoice = new FormTable({});

/**
 * The shape of a C data type. Of a variable, that of its type.
 *
 * @throws BpfError `ERR_BPF_BTF` for `void`, functions, and structs that are only declared
 */
export function shapeOf(btf: Btf, id: number, { tail = true, forms = noChoice }: ShapeOptions = {}): Shape {
  const readers = shapes.get(btf) ?? new WeakMap<FormTable, ShapeReader>();
  shapes.set(btf, readers);
  const reader = readers.get(forms) ?? new ShapeReader(btf, forms);
  readers.set(forms, reader);
  return reader.read(id, tail, 0, { form: forms.all, exact: false }).shape;
}

/** What is known of a value from around it. */
interface Context {
  readonly label: string;
  /** True where the type ends a record, so that a flexible array may take the rest. */
  readonly tail: boolean;
  readonly depth: number;
  readonly form: Form | undefined;
  /** True for a form that was said of this field or type, and not of what is around. */
  readonly exact: boolean;
  readonly littleEndian: boolean;
}

/** A form, and whether it was said of this field or type itself. */
type Given = Pick<Context, 'form' | 'exact'>;

/** Remembers the shapes of one BTF, so that a type that occurs twice is one shape. */
class ShapeReader {
  readonly #btf: Btf;
  readonly #forms: FormTable;
  readonly #known = new Map<string, Weighed>();

  constructor(btf: Btf, forms: FormTable) {
    this.#btf = btf;
    this.#forms = forms;
  }

  /** @param given - the form that its field or what is around it has */
  read(id: number, tail: boolean, depth: number, given: Given): Weighed {
    const type = this.#btf.type(this.#btf.resolve(id));
    const typedefs = typedefNames(this.#btf, id);
    const label = type.name === '' ? (typedefs.at(-1) ?? '') : type.name;
    const ofType = this.#forms.ofType([...typedefs, taggedName(type)]);
    const form = given.exact ? given.form : (ofType ?? given.form);
    const exact = given.exact || ofType !== undefined;
    const littleEndian = orderOf(typedefs) ?? this.#btf.littleEndian;
    // Most types have no flexible array, and are the same shape wherever they stand.
    const context = { label, tail: true, depth, form, exact, littleEndian };
    const anywhere = this.#remember(type, context);
    return tail || !isFlexible(anywhere.shape) ? anywhere : this.#remember(type, { ...context, tail: false });
  }

  #remember(type: BtfType, context: Context): Weighed {
    const { label, tail, form, exact, littleEndian } = context;
    const key = `${type.id} ${tail} ${label} ${form} ${exact} ${littleEndian}`;
    const known = this.#known.get(key) ?? this.#formed(type, context) ?? this.#make(type, context);
    this.#known.set(key, known);
    return known;
  }

  /** In a form that stands for the whole type; undefined where its parts are to have it. */
  #formed(type: BtfType, { form, tail }: Context): Weighed | undefined {
    if (form === undefined || isNumberForm(form) || form === 'flags' || type.kind === 'var') return undefined;
    const shape = wholeForm(this.#btf, type, form, tail);
    if (shape || type.kind === 'array') return shape && one(shape);
    throw unfitForm(this.#btf, type, form);
  }

  #make(type: BtfType, context: Context): Weighed {
    const { tail, depth, form } = context;
    if (form === 'flags' && !['enum', 'enum64', 'array', 'var'].includes(type.kind))
      throw unfitForm(this.#btf, type, form);
    if (depth > deepest) throw refused(this.#btf, type, `contains itself, or nests deeper than ${deepest}`);
    switch (type.kind) {
      case 'int':
        return one(intShape(this.#btf, type, context));
      case 'ptr':
        return one(pointerShape(this.#btf));
      case 'float':
        return one(floatShape(this.#btf, type));
      case 'enum':
      case 'enum64':
        return one(this.#enum(type, context));
      case 'array':
        return this.#array(type, context);
      case 'struct':
      case 'union':
        return this.#struct(type, context);
      case 'var':
        return this.read(type.type, tail, depth + 1, context);
      default:
        throw refused(this.#btf, type, 'is no data and has no codec');
    }
  }

  #enum(type: BtfEnum, context: Context): Shape {
    const { label, form } = context;
    const { name, size } = type;
    if (![1, 2, 4, 8].includes(size)) throw refused(this.#btf, type, `is an enum of ${size} bytes`);
    if (isCutEnum(type)) return this.#number(type, context);
    const own = name === '' && label !== '' ? label : `enum ${label}`.trimEnd();
    return enumShape(this.#btf, type, form === 'flags' ? 'flags' : 'enumeration', own);
  }

  /** Of names whose values are not known nothing but the number is left. */
  #number(type: BtfEnum, context: Context): Shape {
    if (context.form === 'flags') throw unfitForm(this.#btf, type, 'flags');
    return intShape(this.#btf, { size: type.size, signed: false, bool: false }, context);
  }

  #array(type: BtfArray, { tail, depth, form, exact }: Context): Weighed {
    const flexible = tail && type.count === 0;
    const kind = charKind(this.#btf, type.type);
    if (kind && (form === undefined || isNumberForm(form)))
      return one(flexible ? { kind } : { kind, length: type.count });
    const { shape, values } = this.read(type.type, false, depth + 1, { form, exact });
    const all = values * type.count;
    requireFewValues(this.#btf, type, all, this.#btf.sizeOf(type.id));
    return {
      shape: flexible ? { kind: 'array', of: shape } : { kind: 'array', of: shape, count: type.count },
      values: all + 1,
    };
  }

  #struct(type: BtfStruct, { label, tail, depth, form }: Context): Weighed<StructShape> {
    const flat = flatten(this.#btf, type);
    const end = flat.reduce((most, member) => Math.max(most, member.end), 0);
    if (end > type.size * 8)
      throw refused(this.#btf, type, `has members up to bit ${end} in ${type.size} bytes`);
    let values = 1;
    const members = flat.map((member): MemberShape => {
      const own = this.#forms.ofField(label, member.name);
      const chosen = { form: own ?? form, exact: own !== undefined };
      const read = this.#member(member, tail && member.end === end, depth + 1, chosen);
      values += read.values;
      requireFewValues(this.#btf, type, values, type.size);
      return { name: member.name, offset: Math.floor(member.start / 8), shape: read.shape };
    });
    const named = type.name === '' && label !== '' ? label : `${type.kind} ${label}`.trimEnd();
    return { shape: { kind: type.kind, type: named, size: type.size, members }, values };
  }

  #member({ type: id, bits, start }: FlatMember, tail: boolean, depth: number, given: Given): Weighed {
    const read = this.read(id, tail, depth, given);
    if (bits === 0) return read;
    const { shape } = read;
    const integer =
      shape.kind === 'enumeration' ||
      shape.kind === 'flags' ||
      (shape.kind === 'scalar' && !/^[fp]|128/.test(shape.scalar));
    if (!integer || bits > 64)
      throw refused(this.#btf, this.#btf.type(id), `is no type for a bitfield of ${bits} bits`);
    return one({ kind: 'bits', of: shape, skip: start % 8, width: bits });
  }
}

function one<S extends Shape>(shape: S): Weighed<S> {
  return { shape, values: 1 };
}
