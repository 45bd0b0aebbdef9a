/** A kernel whose types a script continues with its own. */
import type { TraceTarget } from '../machine.js';
import type { Script } from '../text/script.js';
import { declaredTypes } from './declarations.js';
import { type Head, numbersIn } from './directives.js';

/** The same target where nothing is declared: the kernel's types are not read then. */
export function withDeclared({ types, constants }: Head, script: Script, target: TraceTarget): TraceTarget {
  if (types.length === 0) return target;
  const btf = declaredTypes(types, script, target.btf, numbersIn(constants));
  return Object.create(target, { btf: { value: btf } });
}
