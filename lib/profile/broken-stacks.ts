/** Stacks that end before the start of their thread: their callers are missing. */
import type { Frame } from '../symbols/index.js';
import type { ProfileStack } from './profile.js';

/** What of a profile is in stacks that end in a file's code. */
export interface BrokenStacks {
  /** The file of their last frames, as frames have it; undefined where nothing is known of the addresses. */
  readonly module: string | undefined;
  /** In the profile's unit. */
  readonly value: number;
  /** Of all of the profile: 0 to 1. */
  readonly share: number;
}

/** Where programs and threads begin: the C libraries' names, and those of Go. */
const starts =
  /^(?:_start|main|__libc_start_(?:call_)?main(?:_impl)?|start_thread|start|thread_start|(?:__)?clone3?|_dl_start(?:_user)?|runtime\.(?:goexit|mstart|rt0_go|mcall|systemstack)(?:\.abi0)?)$/;

/** By module, the most first. */
export function findBrokenStacks(stacks: readonly ProfileStack[]): BrokenStacks[] {
  const total = stacks.reduce((sum, { value }) => sum + value, 0);
  const values = new Map<string | undefined, number>();
  for (const { frames, value } of stacks) {
    if (!isBroken(frames)) continue;
    const module = frames.at(-1)?.module;
    values.set(module, (values.get(module) ?? 0) + value);
  }
  const found = [...values].map(([module, value]) => ({ module, value, share: value / total }));
  return found.sort((a, b) => b.value - a.value);
}

/** A stack of the kernel alone is whole: its threads have no other. */
function isBroken(frames: readonly Frame[]): boolean {
  const ofProcess = frames.filter(
    ({ address, kind }) => address !== 0n && kind !== 'kernel' && kind !== 'bpf',
  );
  return ofProcess.length > 0 && !ofProcess.some(({ name = '' }) => starts.test(name));
}
