/** Tracepoints: by category and name, and raw ones by name. */
import { job } from '../native/flow.js';
import type { Attacher } from './site.js';
import { wanted } from './wanted.js';

/** A tracepoint of tracefs. */
export interface TracepointOptions {
  /** As `sched`. */
  readonly category: string;
  /** As `sched_switch`. */
  readonly name: string;
  /** What `bpf_get_attach_cookie()` answers. @since Linux 5.15 */
  readonly cookie?: bigint;
}

/** A tracepoint with its arguments as the kernel passes them; needs no tracefs. */
export interface RawTracepointOptions {
  /** As `sched_switch`. */
  readonly name: string;
  /** What `bpf_get_attach_cookie()` answers. @since Linux 6.10 */
  readonly cookie?: bigint;
}

/** tp and tracepoint. */
export const attachTracepoint: Attacher<Partial<TracepointOptions>> = function* (site, options) {
  const [category, name] = site.target?.split('/') ?? [];
  const where = [
    wanted(site, 'category', options.category ?? category, 'the category'),
    wanted(site, 'name', options.name ?? name, 'which tracepoint'),
  ] as const;
  return [yield* job('programAttachTracepoint', site.program, ...where, options.cookie ?? 0n)];
};

/** raw_tp and raw_tracepoint, writable too. */
export const attachRawTracepoint: Attacher<Partial<RawTracepointOptions>> = function* (site, options) {
  const name = wanted(site, 'name', options.name ?? site.target, 'which tracepoint');
  return [yield* job('programAttachRawTracepoint', site.program, name, options.cookie ?? 0n)];
};
