/** Which variables loops assign to. */
import type { Statement } from '../tree/tree.js';

/** By their names, those of macros too: names are different after they were expanded. */
export function assignedInLoops(body: readonly Statement[]): ReadonlySet<string> {
  const found = new Set<string>();
  walk(body, false, found);
  return found;
}

/** The tree is plain data: what is a loop or an assignment says its kind. */
function walk(node: unknown, isInLoop: boolean, found: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const each of node) walk(each, isInLoop, found);
    return;
  }
  const { kind, target, operand } = node as { kind?: string; target?: unknown; operand?: unknown };
  const isLoop = isInLoop || kind === 'while' || kind === 'for';
  if (isInLoop && kind === 'assign') add(target, found);
  if (isInLoop && kind === 'step') add(operand, found);
  for (const each of Object.values(node)) walk(each, isLoop, found);
}

function add(target: unknown, found: Set<string>): void {
  const { kind, name } = target as { kind?: string; name?: string };
  if (kind === 'variable' && name !== undefined) found.add(name);
}
