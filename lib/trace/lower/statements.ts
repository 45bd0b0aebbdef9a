/** Statements to steps. */
import { compare, constant, load, type Step } from '../form/form.js';
import type { ExpressionStatement, Statement, UnrollStatement } from '../tree/tree.js';
import { lowerAssignment, lowerLet } from './assign.js';
import { lowerTruth } from './binary.js';
import { lowerFor, lowerWhile } from './loops.js';
import type { Lowering } from './lowering.js';
import { asNumber } from './read-place.js';

/** Times that a body may be written out. */
const mostUnrolled = 100n;

export function lowerStatements(lowering: Lowering, body: readonly Statement[]): void {
  for (const each of body) {
    prepareVariables(lowering, each);
    lowering.push({ op: 'at', span: each });
    lowering.scoped(() => lowerStatement(lowering, each));
  }
}

/** A variable outlives the statement that makes it, and so does its place. */
function prepareVariables(lowering: Lowering, given: Statement): void {
  if (given.kind === 'let' || given.kind === 'for')
    lowering.variable(given.kind === 'let' ? given.name : given.variable);
  if (given.kind === 'assign' && given.target.kind === 'variable') lowering.variable(given.target.name);
  if (given.kind === 'if')
    for (const each of [...given.whenTrue, ...given.whenFalse]) prepareVariables(lowering, each);
  if ('body' in given) for (const each of given.body) prepareVariables(lowering, each);
}

function lowerStatement(lowering: Lowering, given: Statement): void {
  switch (given.kind) {
    case 'expression':
      lowerExpression(lowering, given);
      break;
    case 'assign':
      lowerAssignment(lowering, given);
      break;
    case 'let':
      lowerLet(lowering, given);
      break;
    case 'if': {
      const condition = lowerTruth(lowering, given.condition);
      const whenTrue = lowering.capture(() => lowerStatements(lowering, given.whenTrue));
      const whenFalse = lowering.capture(() => lowerStatements(lowering, given.whenFalse));
      lowering.push({ op: 'if', condition, whenTrue, whenFalse });
      break;
    }
    case 'while':
      lowerWhile(lowering, given);
      break;
    case 'for':
      lowerFor(lowering, given);
      break;
    case 'unroll':
      lowerUnroll(lowering, given);
      break;
    case 'block':
      lowering.lower(given);
      return;
    case 'return':
      lowering.push({ op: 'leave', value: given.value ? lowering.lower(given.value) : constant(0) });
      break;
    default:
      lowering.push({ op: given.kind });
  }
}

/** What it gives is not wanted, but what it does is. */
function lowerExpression(lowering: Lowering, { expression }: ExpressionStatement): void {
  const value = lowering.lower(expression);
  if (value.op === 'helper') lowering.push({ op: 'do', value });
}

function lowerUnroll(lowering: Lowering, { times, body }: UnrollStatement): void {
  const number = lowering.typing.number(times, times, 'how often it is unrolled');
  if (number < 1n || number > mostUnrolled)
    throw lowering.refuse(times, `a body is unrolled 1 to ${mostUnrolled} times, not ${number}`);
  for (let at = 0n; at < number; at++) lowerStatements(lowering, body);
}

/** The predicate: where it does not hold, the program ends. */
export function lowerPredicate(lowering: Lowering, given: Parameters<typeof lowerTruth>[1]): void {
  lowering.scoped(() => {
    lowering.push({ op: 'at', span: given });
    const leave: Step[] = [{ op: 'leave', value: constant(0) }];
    lowering.push({
      op: 'if',
      condition: compare('==', lowerTruth(lowering, given), 0),
      whenTrue: leave,
      whenFalse: [],
    });
  });
}

/** An iterator's program runs once more behind the last, with nothing: that run is none of the script's. */
export function lowerEndOfIteration(lowering: Lowering): void {
  const { trigger, arguments: list = [] } = lowering.unit.plan;
  if (trigger.kind !== 'iter') return;
  const leave: Step[] = [{ op: 'leave', value: constant(0) }];
  for (const { type, offset, name } of list)
    if (type.kind === 'pointer' && name !== 'meta')
      lowering.scoped(() => {
        const given = asNumber(lowering, load({ op: 'context' }, offset));
        lowering.push({ op: 'if', condition: compare('==', given, 0), whenTrue: leave, whenFalse: [] });
      });
}
