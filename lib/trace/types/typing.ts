/** Types of expressions. Maps and variables get theirs from all that is assigned to them, so that it goes round until nothing changes. */
import type { BpfError } from '../../errors/bpf-error.js';
import type { TraceTarget } from '../machine.js';
import type { Settings } from '../settings.js';
import type { Script, Span } from '../text/script.js';
import type { Expression, MapExpression, TypeName } from '../tree/tree.js';
import { callType, nameType } from './calls.js';
import { isSame, join, typeText } from './join.js';
import { castType, literalOf, typeNamed } from './named.js';
import { operatorType, stepType, unaryType } from './operators.js';
import { fieldType, indexType } from './parts.js';
import type { MapUse, Unit } from './program.js';
import { typeStatements } from './statements.js';
import { bool, literalType, type Space, type Type, unknown } from './type.js';

export class Typing {
  readonly script: Script;
  readonly target: TraceTarget;
  readonly settings: Settings;
  readonly maps: Map<string, MapUse>;
  readonly variables: Map<string, Type>;
  /** The probe that is looked at. */
  unit: Unit;
  /** True where a type became another: all is looked at once more. */
  hasChanged = false;
  /** True in the last round: what is unknown by now is an error. */
  isFinal = false;

  constructor(parts: Pick<Typing, 'script' | 'target' | 'settings' | 'maps' | 'variables' | 'unit'>) {
    this.script = parts.script;
    this.target = parts.target;
    this.settings = parts.settings;
    this.maps = parts.maps;
    this.variables = parts.variables;
    this.unit = parts.unit;
  }

  get space(): Space {
    return this.unit.plan.space;
  }

  typeOf(given: Expression): Type {
    const type = this.#typeOf(given);
    this.unit.types.set(given, type);
    return type;
  }

  refuse(at: Span, reason: string, hint?: string): BpfError {
    return this.script.error(at, reason, hint);
  }

  #typeOf(given: Expression): Type {
    switch (given.kind) {
      case 'literal':
        return this.#literal(given.value);
      case 'name':
        return nameType(this, given);
      case 'variable':
        return this.variables.get(given.name) ?? unknown;
      case 'map':
        return this.map(given);
      case 'call':
        return callType(this, given);
      case 'cast':
        this.typeOf(given.operand);
        return castType(this, given.type, this.typeOf(given.operand));
      case 'type':
        return this.named(given.type);
      case 'block':
        typeStatements(this, given.body);
        return given.value ? this.typeOf(given.value) : { kind: 'none' };
      default:
        return this.#compound(given);
    }
  }

  #compound(given: Expression): Type {
    switch (given.kind) {
      case 'unary':
        return unaryType(this, given);
      case 'step':
        return stepType(this, given);
      case 'binary':
        return operatorType(this, given);
      case 'ternary': {
        this.typeOf(given.condition);
        return this.joined(this.typeOf(given.whenTrue), this.typeOf(given.whenFalse), given);
      }
      case 'field':
        return fieldType(this, given);
      case 'index':
        return indexType(this, given);
      case 'tuple':
        return { kind: 'tuple', items: given.items.map(each => this.valueType(each)) };
      case 'record': {
        const items = given.fields.map(({ value }) => this.valueType(value));
        return { kind: 'tuple', items, names: given.fields.map(({ name }) => name) };
      }
      default:
        return unknown;
    }
  }

  /** The type of a value that is kept: of an aggregation its number. */
  valueType(given: Expression): Type {
    const type = this.typeOf(given);
    return type.kind === 'aggregate' ? { kind: 'int', size: 8, signed: type.signed } : type;
  }

  /** @throws BpfError where they have nothing in common */
  joined(one: Type, other: Type, at: Span): Type {
    const type = join(one, other);
    if (type !== undefined) return type;
    throw this.refuse(at, `${typeText(one)} and ${typeText(other)} are no values of one type`);
  }

  #literal(value: bigint | string | boolean): Type {
    if (typeof value === 'bigint') return literalType(value);
    return typeof value === 'boolean'
      ? bool
      : { kind: 'string', size: Buffer.byteLength(value, 'latin1') + 1 };
  }

  /** @throws BpfError where there is no such type */
  named(given: TypeName): Type {
    return typeNamed(this, given);
  }

  /** The type of a map's value; its key is looked at on the way. */
  map(given: MapExpression): Type {
    const use = this.use(given);
    return use.value;
  }

  use({ name, key }: MapExpression): MapUse {
    const use = this.maps.get(name) ?? { name, value: unknown };
    this.maps.set(name, use);
    if (key !== undefined) {
      const type = this.joined(use.key ?? unknown, this.valueType(key), key);
      if (use.key === undefined || !isSame(use.key, type)) this.hasChanged = true;
      use.key = type;
    }
    return use;
  }

  /** What is assigned to a map. */
  assignMap(target: MapExpression, type: Type, at: Span): void {
    const use = this.use(target);
    const joined = this.#assigned(use.value, type, at, `@${target.name}`);
    if (!isSame(use.value, joined)) this.hasChanged = true;
    use.value = joined;
  }

  assignVariable(name: string, type: Type, at: Span): void {
    const before = this.variables.get(name) ?? unknown;
    const joined = this.#assigned(before, type, at, `$${name.replace(/#.*/, '')}`);
    if (!isSame(before, joined)) this.hasChanged = true;
    this.variables.set(name, joined);
  }

  #assigned(before: Type, type: Type, at: Span, what: string): Type {
    const joined = join(before, type);
    if (joined !== undefined && joined.kind !== 'none') return joined;
    if (type.kind === 'none') throw this.refuse(at, 'this has no value to assign');
    throw this.refuse(at, `${what} is ${typeText(before)}, and cannot be ${typeText(type)} too`);
  }

  /** The number or text that is known before the program runs. */
  literal(given: Expression): bigint | string | boolean | undefined {
    return literalOf(given, this.target.btf);
  }

  /** @throws BpfError where it is no literal of that kind */
  text(given: Expression | undefined, at: Span, what: string): string {
    const value = given && this.literal(given);
    if (typeof value === 'string') return value;
    throw this.refuse(given ?? at, `${what} is text in quotes`);
  }

  /** @throws BpfError where it is no literal of that kind */
  number(given: Expression | undefined, at: Span, what: string): bigint {
    const value = given && this.literal(given);
    if (typeof value === 'bigint') return value;
    throw this.refuse(given ?? at, `${what} is a number that is known before the script runs`);
  }
}
