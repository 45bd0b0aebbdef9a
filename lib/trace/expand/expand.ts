/** A tree without macros and parameters of the command line, in which each variable has a name of its own. */
import type { BpfError } from '../../errors/bpf-error.js';
import { meant } from '../../errors/nearest.js';
import type { Script } from '../text/script.js';
import type {
  BlockExpression,
  CallExpression,
  Expression,
  Literal,
  Macro,
  MapExpression,
  NameExpression,
  Probe,
  Statement,
  Tree,
  TypeName,
  VariableExpression,
} from '../tree/tree.js';
import { fillPoint, optionValue, parameterText, parameterValue, type ScriptArguments } from './parameters.js';
import { Scope } from './scope.js';
import { expandStatement } from './statements.js';

/** Macros within macros: one that calls itself has no end. */
const deepest = 32;

/** What `#define` gives a name. */
export type Constants = ReadonlyMap<string, Literal>;

/** Expands all that a script's probes do. */
export function expand(tree: Tree, constants: Constants, script: Script, given: ScriptArguments): Probe[] {
  const expander = new Expander(tree, constants, script, given);
  return tree.probes.map(probe => expander.probe(probe));
}

export class Expander {
  readonly script: Script;
  readonly #given: ScriptArguments;
  readonly #macros = new Map<string, Macro>();
  readonly #counter = { next: 0 };
  readonly #constants: Constants;
  #depth = 0;

  constructor(tree: Tree, constants: Constants, script: Script, given: ScriptArguments) {
    this.script = script;
    this.#given = given;
    for (const macro of tree.macros) this.#macros.set(key(macro.name, macro.parameters.length), macro);
    this.#constants = constants;
  }

  probe(probe: Probe): Probe {
    const scope = new Scope(this.#counter);
    const predicate = probe.predicate && this.expression(probe.predicate, scope);
    const points = probe.points.map(point => fillPoint(point, this.#given));
    return {
      ...probe,
      points,
      ...(predicate && { predicate }),
      body: this.statements(probe.body, scope.inner()),
    };
  }

  statements(body: readonly Statement[], scope: Scope): Statement[] {
    return body.map(each => expandStatement(this, each, scope));
  }

  block({ body, value, ...rest }: BlockExpression, scope: Scope): BlockExpression {
    const inner = scope.inner();
    const statements = this.statements(body, inner);
    return { ...rest, body: statements, ...(value && { value: this.expression(value, inner) }) };
  }

  expression(given: Expression, scope: Scope): Expression {
    switch (given.kind) {
      case 'name':
        return this.#name(given, scope);
      case 'variable':
        return this.variable(given, scope);
      case 'map':
        return this.map(given, scope);
      case 'parameter':
        return parameterValue(given, this.#given);
      case 'call':
        return this.#call(given, scope);
      case 'block':
        return this.block(given, scope);
      case 'type':
        return { ...given, type: this.type(given.type, scope) };
      case 'cast':
        return {
          ...given,
          type: this.type(given.type, scope),
          operand: this.expression(given.operand, scope),
        };
      default:
        return this.#children(given, scope);
    }
  }

  /** @throws BpfError for a variable that nothing has set before */
  variable(given: VariableExpression, scope: Scope): VariableExpression {
    const name = scope.find(given.name);
    if (name !== undefined) return { ...given, name };
    const hint = meant(given.name, scope.known) ?? 'assign it first, or declare it by let';
    throw this.script.error(given, `there is no variable $${given.name} here`, hint);
  }

  map(given: MapExpression, scope: Scope): MapExpression {
    const name = scope.bindings?.maps.get(given.name)?.name ?? given.name;
    return given.key === undefined
      ? { ...given, name }
      : { ...given, name, key: this.expression(given.key, scope) };
  }

  /** A parameter of a macro may stand where a type does. */
  type(given: TypeName, scope: Scope): TypeName {
    if (given.of !== undefined) return { ...given, of: this.expression(given.of, scope) };
    const bound = scope.bindings?.values.get(given.name);
    if (bound === undefined) return given;
    if (bound.kind === 'type')
      return { ...bound.type, suffixes: [...bound.type.suffixes, ...given.suffixes] };
    return { ...given, name: '', of: bound };
  }

  #children(given: Expression, scope: Scope): Expression {
    const walk = (each: Expression) => this.expression(each, scope);
    switch (given.kind) {
      case 'unary':
      case 'step':
        return { ...given, operand: walk(given.operand) };
      case 'binary':
        return { ...given, left: walk(given.left), right: walk(given.right) };
      case 'ternary':
        return {
          ...given,
          condition: walk(given.condition),
          whenTrue: walk(given.whenTrue),
          whenFalse: walk(given.whenFalse),
        };
      case 'field':
        return { ...given, of: walk(given.of) };
      case 'index':
        return { ...given, of: walk(given.of), index: walk(given.index) };
      case 'tuple':
        return { ...given, items: given.items.map(walk) };
      case 'record':
        return { ...given, fields: given.fields.map(({ name, value }) => ({ name, value: walk(value) })) };
      default:
        return given;
    }
  }

  #name(given: NameExpression, scope: Scope): Expression {
    const bound = scope.bindings?.values.get(given.name);
    if (bound !== undefined) return bound;
    const macro = this.#macros.get(key(given.name, 0));
    if (macro !== undefined) return this.#inline(macro, { ...given, kind: 'call', arguments: [] }, scope);
    return this.#constants.get(given.name) ?? given;
  }

  #call(given: CallExpression, scope: Scope): Expression {
    const macro = this.#macros.get(key(given.name, given.arguments.length));
    if (macro !== undefined) return this.#inline(macro, given, scope);
    const written = given.name === 'str' ? parameterText(given.arguments[0], this.#given) : undefined;
    if (written !== undefined && given.arguments.length === 1)
      return { kind: 'literal', value: written, start: given.start, end: given.end };
    const list = given.arguments.map(each => this.expression(each, scope));
    const call = { ...given, arguments: list };
    return given.name === 'getopt' ? optionValue(call, this.#given, this.script) : call;
  }

  /** The macro's body, with what it was called with in place of its parameters. */
  #inline({ name, parameters, body }: Macro, call: CallExpression, scope: Scope): Expression {
    if (++this.#depth > deepest) throw this.script.error(call, `macro ${name} calls itself`);
    const values = new Map<string, Expression>();
    const variables = new Map<string, string>();
    const maps = new Map<string, MapExpression>();
    for (const [at, parameter] of parameters.entries()) {
      const given = call.arguments[at] ?? parameter;
      if (parameter.kind === 'name') values.set(parameter.name, this.expression(given, scope));
      else if (parameter.kind !== given.kind) throw this.#wrongKind(given, parameter.kind);
      else if (given.kind === 'variable') variables.set(parameter.name, this.variable(given, scope).name);
      else if (given.kind === 'map') maps.set(parameter.name, this.map(given, scope));
    }
    const inlined = this.block(body, scope.macro({ values, variables, maps }));
    this.#depth--;
    return { ...inlined, start: call.start, end: call.end };
  }

  #wrongKind(given: Expression, wanted: string): BpfError {
    return this.script.error(given, `this macro wants a ${wanted} here: ${wanted === 'map' ? '@x' : '$x'}`);
  }
}

function key(name: string, parameters: number): string {
  return `${name}/${parameters}`;
}
