/** What a script can be attached to on this machine. */
import { requireText } from '../../errors/arguments.js';
import { matcher } from '../probes/pattern.js';
import { eventList } from '../probes/providers.js';
import { listTracepoints, thisMachine } from './machine.js';

/**
 * Names of probes as scripts have them: tracepoints, functions of the kernel that have types, events.
 *
 * @param pattern - with `*` for anything, as `tracepoint:sched:*`; all by default
 * @example
 * ```ts
 * console.log(listTraceProbes('tracepoint:sched:sched_process_*'));
 * ```
 */
export function listTraceProbes(pattern = '*'): string[] {
  requireText('list probes', 'a pattern', pattern);
  const fits = matcher(pattern);
  return [...eventList(), ...listTracepoints().map(each => `tracepoint:${each}`), ...functions()].filter(
    fits,
  );
}

function functions(): string[] {
  const { btf } = thisMachine();
  if (btf === undefined) return [];
  const names = [...new Set([...btf.ids('func')].map(id => btf.name(id)))].sort();
  const raw = names
    .filter(name => name.startsWith('__bpf_trace_'))
    .map(name => `rawtracepoint:vmlinux:${name.slice(12)}`);
  return [...raw, ...names.map(name => `fentry:vmlinux:${name}`), ...names.map(name => `kprobe:${name}`)];
}
