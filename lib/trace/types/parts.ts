/** Types of parts: fields of structs and records, elements of tuples, arrays and what pointers point to. */
import { meant } from '../../errors/nearest.js';
import type { Argument } from '../probes/plan.js';
import type { Expression, FieldExpression, IndexExpression } from '../tree/tree.js';
import { type Field, fieldNames, fieldOf } from './from-btf.js';
import { typeText } from './join.js';
import { type Space, type Type, unknown } from './type.js';
import type { Typing } from './typing.js';

/** True for `args`, and for `ctx` of iterators. */
export function isArguments({ unit }: Pick<Typing, 'unit'>, given: Expression): boolean {
  if (given.kind !== 'name' && (given.kind !== 'call' || given.arguments.length > 0)) return false;
  return given.name === (unit.plan.trigger.kind === 'iter' ? 'ctx' : 'args');
}

export function fieldType(typing: Typing, given: FieldExpression): Type {
  if (isArguments(typing, given.of)) return argument(typing, given).type;
  const type = typing.typeOf(given.of);
  if (type.kind === 'unknown') return unknown;
  if (type.kind === 'tuple') return tuplePart(typing, given, type);
  return field(typing, given, type).type;
}

/** A member of `args`. @throws BpfError where the probe has none of that name */
export function argument(typing: Typing, given: FieldExpression): Argument {
  const { arguments: list, name } = typing.unit.plan;
  const found = list?.find(each => each.name === given.name);
  if (found !== undefined) return found;
  if (list === undefined)
    throw typing.refuse(given, `${name} has no args`, 'its arguments are arg0, arg1, …');
  throw typing.refuse(
    given,
    `${name} has no argument ${given.name}`,
    meant(
      given.name,
      list.map(each => each.name),
    ),
  );
}

function tuplePart(typing: Typing, given: FieldExpression, type: Type & { kind: 'tuple' }): Type {
  const place = type.names ? type.names.indexOf(given.name) : Number(given.name);
  const part = type.items[place];
  if (part !== undefined) return part;
  if (type.names)
    throw typing.refuse(given, `the record has no field ${given.name}`, meant(given.name, type.names));
  throw typing.refuse(given, `the tuple has ${type.items.length} values, and none with number ${given.name}`);
}

/** A member of a struct, or of one that a pointer points to. @throws BpfError where there is none */
export function field(typing: Typing, given: FieldExpression, type: Type): Field & { readonly space: Space } {
  const struct = type.kind === 'pointer' ? type.to : type;
  const space = type.kind === 'pointer' ? type.space : spaceOf(typing, given.of);
  if (struct.kind !== 'struct')
    throw typing.refuse(
      given,
      `${typeText(type)} has no fields`,
      'cast it to a struct, as (struct task_struct *)x',
    );
  const found = fieldOf(struct.btf, struct.id, given.name, space);
  if (found !== undefined) return { ...found, space };
  const hint = meant(given.name, fieldNames(struct.btf, struct.id));
  throw typing.refuse(given, `${typeText(struct)} has no field ${given.name}`, hint);
}

/** Whose memory a struct by value is in: that of the pointer which led there. */
export function spaceOf(typing: Typing, given: Expression): Space {
  if (given.kind === 'field' || given.kind === 'index') {
    const type = typing.typeOf(given.of);
    return type.kind === 'pointer' ? type.space : spaceOf(typing, given.of);
  }
  if (given.kind === 'unary' && given.operator === '*') {
    const type = typing.typeOf(given.operand);
    return type.kind === 'pointer' ? type.space : typing.space;
  }
  return typing.space;
}

export function indexType(typing: Typing, given: IndexExpression): Type {
  const type = typing.typeOf(given.of);
  typing.valueType(given.index);
  switch (type.kind) {
    case 'unknown':
      return unknown;
    case 'array':
      return type.of;
    case 'pointer':
      return type.to.kind === 'none' ? { kind: 'int', size: 1, signed: false } : type.to;
    case 'string':
    case 'buffer':
      return { kind: 'int', size: 1, signed: true };
    case 'tuple': {
      const number = typing.number(given.index, given, "a tuple's index");
      return tuplePart(typing, { ...given, kind: 'field', name: String(number) }, {
        ...type,
        ...{ names: undefined },
      } as never);
    }
    default:
      throw typing.refuse(given, `${typeText(type)} has no elements`);
  }
}
