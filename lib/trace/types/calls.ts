/** Types of functions, builtins and constants. */
import type { BpfError } from '../../errors/bpf-error.js';
import { meant } from '../../errors/nearest.js';
import { functionOf, isMissing, knownNames } from '../functions/table.js';
import type { CallExpression, NameExpression } from '../tree/tree.js';
import { enumerator } from './from-btf.js';
import type { Type } from './type.js';
import type { Typing } from './typing.js';

/** A builtin, or a constant of the kernel's. @throws BpfError where it is neither */
export function nameType(typing: Typing, given: NameExpression): Type {
  const { name, start, end } = given;
  if (functionOf(name) !== undefined)
    return callType(typing, { kind: 'call', name, arguments: [], start, end });
  const found = typing.target.btf && enumerator(typing.target.btf, name);
  if (found) return found.type;
  throw unknownName(typing, given, 'name');
}

/** @throws BpfError where there is no such function, or it takes other arguments */
export function callType(typing: Typing, given: CallExpression): Type {
  const row = functionOf(given.name);
  if (row === undefined) throw unknownName(typing, given, 'function');
  if (row.isUnsafe && !typing.target.isUnsafeAllowed)
    throw typing.refuse(
      given,
      `${given.name} changes the machine`,
      'allow it: --unsafe, or { unsafe: true }',
    );
  const [least, most] = row.takes;
  const count = given.arguments.length;
  if (count < least || count > most)
    throw typing.refuse(given, `${given.name} takes ${countText(least, most)} arguments, not ${count}`);
  return typeof row.type === 'function' ? row.type(given, typing) : row.type;
}

function countText(least: number, most: number): string {
  if (least === most) return String(least);
  return most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
}

function unknownName(typing: Typing, given: CallExpression | NameExpression, what: string): BpfError {
  if (isMissing(given.name))
    return typing.refuse(given, `${given.name} is not supported yet`, 'see libbpf-ts trace --info');
  const hint = meant(given.name, knownNames()) ?? includeHint(typing);
  return typing.refuse(given, `there is no ${what} ${given.name}`, hint);
}

/** What a header would have said. */
function includeHint({ script }: Typing): string | undefined {
  return /^\s*#\s*include\b/m.test(script.text)
    ? 'declare it in the script: #include is not read'
    : undefined;
}
