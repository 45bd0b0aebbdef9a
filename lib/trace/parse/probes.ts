/** Probes: attach points, which have words of their own, a predicate and statements. */

import { splitPoint } from '../text/point.js';
import type { AttachPoint, Expression, Probe } from '../tree/tree.js';
import type { Cursor } from './cursor.js';

/** Up to a space, a comma or a brace; strings may hold any of them. */
const pointText = /(?:"(?:[^"\n\\]|\\.)*"|[^\s,{"])+/;

/** @throws BpfError where no attach point begins, or its block is missing */
export function parseProbe(cursor: Cursor): Probe {
  const first = cursor.token;
  const points = [parsePoint(cursor)];
  while (cursor.accept(',')) if (!cursor.is('{')) points.push(parsePoint(cursor));
  const predicate = cursor.is('/') ? parsePredicate(cursor) : undefined;
  const { body } = cursor.grammar.block(cursor);
  return { points, ...(predicate && { predicate }), body, ...cursor.since(first) };
}

function parsePoint(cursor: Cursor): AttachPoint {
  const mayBegin = cursor.token.kind === 'name' || cursor.token.kind === 'parameter';
  const found = mayBegin ? cursor.takeText(pointText) : undefined;
  if (found === undefined) throw cursor.unexpected('a probe, as begin or tracepoint:sched:sched_switch');
  const text = found.text.replace(/^[A-Za-z_]\w*=/, '');
  const [provider = '', ...parts] = splitPoint(text);
  return { provider, parts, text, start: found.start, end: found.end };
}

function parsePredicate(cursor: Cursor): Expression {
  cursor.take();
  const predicate = cursor.grammar.expression(cursor);
  cursor.expect('/', 'behind the predicate');
  return predicate;
}
