/** Stacks merged by what they have in common, from the outermost frame on. */
import type { FrameKind } from '../symbols/index.js';
import { nameOf, stateName } from './folded.js';
import type { ProfileStack } from './profile.js';

/** A frame with all that was called from it. */
export interface FlameNode {
  readonly name: string;
  readonly kind: FrameKind | 'process' | 'state' | 'root' | 'rest';
  /** Of all stacks that go through it. */
  value: number;
  /** The same of the profile that this one is compared with; 0 where it is compared with none. */
  before: number;
  readonly callees: ReadonlyMap<string, FlameNode>;
}

interface GrowingNode extends FlameNode {
  readonly callees: Map<string, GrowingNode>;
}

/**
 * The root, with a node for each process.
 *
 * @param before - stacks of another profile, whose values stand beside
 */
export function flameTree(stacks: readonly ProfileStack[], before: readonly ProfileStack[] = []): FlameNode {
  const root: GrowingNode = { name: 'all', kind: 'root', value: 0, before: 0, callees: new Map() };
  for (const stack of stacks) for (const node of pathOf(root, stack)) node.value += stack.value;
  for (const stack of before) for (const node of pathOf(root, stack)) node.before += stack.value;
  return root;
}

/** The nodes that a stack goes through. */
function pathOf(root: GrowingNode, { process, state, frames }: ProfileStack): GrowingNode[] {
  const path = [root, calleeOf(root, process, 'process')];
  for (const name of stateName(state)) path.push(calleeOf(path.at(-1) as GrowingNode, name, 'state'));
  for (const frame of frames.toReversed())
    path.push(calleeOf(path.at(-1) as GrowingNode, nameOf(frame), frame.kind));
  return path;
}

function calleeOf(caller: GrowingNode, name: string, kind: FlameNode['kind']): GrowingNode {
  const key = `${kind} ${name}`;
  const known = caller.callees.get(key);
  if (known) return known;
  const callee: GrowingNode = { name, kind, value: 0, before: 0, callees: new Map() };
  caller.callees.set(key, callee);
  return callee;
}

/** Nodes must have more than this so that no more than `most` are left: the rest of a caller is one node. */
export function narrowest(root: FlameNode, most: number): number {
  const values: number[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    values.push(node.value);
    for (const callee of node.callees.values()) waiting.push(callee);
  }
  if (values.length <= most) return 0;
  return values.sort((a, b) => b - a)[most] ?? 0;
}
