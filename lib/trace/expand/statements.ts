/** Statements of an expanded tree. An assignment to a variable that is not there yet makes one in its block. */
import type { AssignStatement, ForStatement, Statement } from '../tree/tree.js';
import type { Expander } from './expand.js';
import type { Scope } from './scope.js';

export function expandStatement(expander: Expander, given: Statement, scope: Scope): Statement {
  switch (given.kind) {
    case 'expression':
      return { ...given, expression: expander.expression(given.expression, scope) };
    case 'assign':
      return expandAssignment(expander, given, scope);
    case 'let': {
      const value = given.value && expander.expression(given.value, scope);
      const type = given.type && expander.type(given.type, scope);
      return { ...given, name: scope.declare(given.name), ...(value && { value }), ...(type && { type }) };
    }
    case 'for':
      return expandFor(expander, given, scope);
    case 'block':
      return expander.block(given, scope);
    default:
      return expandControl(expander, given, scope);
  }
}

type Control = Exclude<Statement, { kind: 'expression' | 'assign' | 'let' | 'for' | 'block' }>;

function expandControl(expander: Expander, given: Control, scope: Scope): Statement {
  switch (given.kind) {
    case 'if':
      return {
        ...given,
        condition: expander.expression(given.condition, scope),
        whenTrue: expander.statements(given.whenTrue, scope.inner()),
        whenFalse: expander.statements(given.whenFalse, scope.inner()),
      };
    case 'while':
      return {
        ...given,
        condition: expander.expression(given.condition, scope),
        body: expander.statements(given.body, scope.inner()),
      };
    case 'unroll':
      return {
        ...given,
        times: expander.expression(given.times, scope),
        body: expander.statements(given.body, scope.inner()),
      };
    default:
      return given.value ? { ...given, value: expander.expression(given.value, scope) } : given;
  }
}

function expandAssignment(expander: Expander, given: AssignStatement, scope: Scope): Statement {
  const value = expander.expression(given.value, scope);
  const { target } = given;
  if (target.kind === 'name')
    return { kind: 'expression', expression: value, start: given.start, end: given.end };
  if (target.kind !== 'variable') return { ...given, target: expander.expression(target, scope), value };
  const isNew = scope.find(target.name) === undefined && given.operator === undefined;
  const name = isNew ? scope.declare(target.name) : expander.variable(target, scope).name;
  return { ...given, target: { ...target, name }, value };
}

function expandFor(expander: Expander, given: ForStatement, scope: Scope): Statement {
  const over = expandRange(expander, given.over, scope);
  const inner = scope.inner();
  const variable = inner.declare(given.variable);
  return { ...given, variable, over, body: expander.statements(given.body, inner) };
}

function expandRange(expander: Expander, over: ForStatement['over'], scope: Scope): ForStatement['over'] {
  if (over.kind === 'map') return expander.map(over, scope);
  return {
    ...over,
    first: expander.expression(over.first, scope),
    end: expander.expression(over.end, scope),
  };
}
