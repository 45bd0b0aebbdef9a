/** Stacks as text, a line each. */
import { type Frame, type FrameKind, formatFrame } from '../symbols/index.js';
import type { ProfileStack } from './profile.js';
import type { ThreadState } from './thread-state.js';

const marks: Partial<Record<FrameKind, string>> = { kernel: '_[k]', bpf: '_[k]', jit: '_[j]' };

/** A frame's name in a profile: equal for all addresses in a function. */
export function nameOf(frame: Frame): string {
  const { name, source } = frame;
  if (name === undefined) return frame.module === undefined ? '[unknown]' : formatFrame(frame);
  return source?.file ? `${name} ${source.file}:${source.line}` : name;
}

/** The frame that stands for what a thread waited for, if that is known. */
export function stateName(state: ThreadState | undefined): readonly string[] {
  return state === undefined ? [] : [`[${state}]`];
}

/** The text of stacks: a line for each that is different. */
export function foldStacks(stacks: readonly ProfileStack[]): string {
  return [...foldedSums(stacks)].map(([line, sum]) => `${line} ${sum}\n`).join('');
}

/** Values by stack; semicolons and line breaks in a name would divide it. */
export function foldedSums(stacks: readonly ProfileStack[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { process, state, frames, value } of stacks) {
    const names = [
      process,
      ...stateName(state),
      ...frames.toReversed().map(frame => nameOf(frame) + (marks[frame.kind] ?? '')),
    ];
    const line = names.map(name => name.replace(/[;\r\n]/g, ':')).join(';');
    sums.set(line, (sums.get(line) ?? 0) + value);
  }
  return sums;
}
