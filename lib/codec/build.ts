/** Builds the codec of a shape. */
import { addresses } from './address.js';
import { array } from './array.js';
import { bits } from './bits.js';
import { bytes } from './bytes.js';
import type { Codec } from './codec.js';
import { enumeration } from './enumeration.js';
import { flags } from './flags.js';
import type { IntegerCodec } from './make-scalar.js';
import { type ScalarName, scalars } from './scalar.js';
import type { EnumShape, ScalarShape, Shape, StructShape } from './shape.js';
import { type Layout, struct } from './struct.js';
import { text } from './text.js';

const built = new WeakMap<Shape, Codec<unknown>>();

/** The codec of a shape; the same one each time. */
export function buildCodec(shape: Shape): Codec<unknown> {
  const codec = built.get(shape) ?? build(shape);
  built.set(shape, codec);
  return codec;
}

function build(shape: Shape): Codec<unknown> {
  switch (shape.kind) {
    case 'scalar':
      return scalars[shape.scalar];
    case 'text':
      return text(shape.length);
    case 'bytes':
      return bytes(shape.length);
    case 'array':
      return array(buildCodec(shape.of), shape.count);
    case 'address':
      return addresses[shape.address];
    case 'enumeration':
    case 'flags':
      return buildEnum(shape);
    case 'bits':
      return bits(buildInteger(shape.of), shape.skip, shape.width);
    default:
      return buildStruct(shape);
  }
}

function buildStruct({ type, size, members }: StructShape): Codec<object> {
  const layout = members.map(({ name, offset, shape }) => [name, [offset, buildCodec(shape)]]);
  return struct(type, size, Object.fromEntries(layout) as Layout<object>);
}

function buildEnum({ kind, type, scalar, values }: EnumShape): IntegerCodec<unknown> {
  const make = kind === 'flags' ? flags : enumeration;
  return make(type, integer(scalar), Object.fromEntries(values));
}

function buildInteger(shape: ScalarShape | EnumShape): IntegerCodec<unknown> {
  return shape.kind === 'scalar' ? integer(shape.scalar) : buildEnum(shape);
}

/** Shapes put only integers into enumerations and bitfields. */
function integer(name: ScalarName): IntegerCodec<number | bigint> {
  return scalars[name] as IntegerCodec<number | bigint>;
}
