/** Whose events are counted: options of all perf events that count or sample. */
import { attrFlags } from './attr.js';

/** What is left out, and which processes count. */
export interface CountOptions {
  /** Also count what children of the process do. */
  readonly inherit?: boolean;
  /** Leave out what happens in user mode, or in the kernel. */
  readonly exclude?: 'user' | 'kernel';
}

/** Bits of the flags in `struct perf_event_attr`. */
export function attrOptions({ inherit, exclude }: CountOptions): bigint {
  return (
    (inherit ? attrFlags.inherit : 0n) |
    (exclude === 'user' ? attrFlags.excludeUser : 0n) |
    (exclude === 'kernel' ? attrFlags.excludeKernel : 0n)
  );
}
