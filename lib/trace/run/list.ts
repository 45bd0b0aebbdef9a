/** What a script can be attached to on this machine. */
import { requireOptions, requireText } from '../../errors/arguments.js';
import type { TraceTarget } from '../machine.js';
import { matcher } from '../probes/pattern.js';
import { eventList } from '../probes/providers.js';
import { listFields, listStructs } from './fields.js';
import { listTracepoints, thisMachine } from './machine.js';

/** Options of {@link listTraceProbes}. */
export interface ListTraceOptions {
  /** The process whose files a pattern without one is of, as `usdt:*`. */
  readonly pid?: number;
  /** Below each what it has: members of `args`, of structs. */
  readonly fields?: boolean;
}

/**
 * Names of probes as scripts have them: tracepoints, functions of the kernel that have types, iterators, events. Of a file,
 * as `uprobe:FILE:*`, its functions and USDT probes; of `struct NAME` the kernel's types.
 *
 * @param pattern - with `*` for anything, as `tracepoint:sched:*`; all by default
 * @returns a line each; with fields, lines that begin with spaces are those of the one above
 * @example
 * ```ts
 * console.log(listTraceProbes('tracepoint:sched:sched_process_*'));
 * ```
 */
export function listTraceProbes(pattern = '*', options: ListTraceOptions = {}): string[] {
  requireText('list probes', 'a pattern', pattern);
  requireOptions('list probes', options, ['pid', 'fields']);
  const { pid, fields = false } = options;
  const target = thisMachine(pid);
  if (/^(?:struct|union|enum) /.test(pattern))
    return pattern.split(/,\s*/).flatMap(each => listStructs(target, each, fields));
  const found = [...listInFiles(target, pattern, pid), ...all(target).filter(matcher(pattern))];
  return fields ? found.flatMap(each => [each, ...listFields(target, each)]) : found;
}

function all(target: TraceTarget): string[] {
  const timers = ['hz', 'ms', 's', 'us'];
  return [
    ...eventList(),
    ...['interval', 'profile'].flatMap(name => timers.map(unit => `${name}:${unit}:`)),
    ...listTracepoints().map(each => `tracepoint:${each}`),
    ...ofTypes(target),
  ];
}

function ofTypes({ btf }: TraceTarget): string[] {
  if (btf === undefined) return [];
  const names = [...new Set([...btf.ids('func')].map(id => btf.name(id)))].sort();
  const after = (list: readonly string[], prefix: string) =>
    list.filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length));
  const structs = [...new Set([...btf.ids('struct')].map(id => btf.name(id)))].sort();
  return [
    ...after(structs, 'bpf_iter__')
      .filter(name => !name.includes('__'))
      .map(name => `iter:${name}`),
    ...after(names, '__bpf_trace_').map(name => `rawtracepoint:vmlinux:${name}`),
    ...names.map(name => `fentry:vmlinux:${name}`),
    ...names.map(name => `kprobe:${name}`),
  ];
}

const ofFiles = ['uprobe', 'uretprobe', 'usdt'] as const;
const shortNames: Readonly<Record<string, string>> = { u: 'uprobe', ur: 'uretprobe', U: 'usdt' };

/** Where the pattern names files, or a process is traced: what those have. */
function listInFiles(target: TraceTarget, pattern: string, pid: number | undefined): string[] {
  const [, given = '', file, rest] = /^([^:]*)(?::([^:]*))?(?::(.*))?$/.exec(pattern) ?? [];
  const fits = matcher(shortNames[given] ?? given);
  if (pid === undefined && (file === undefined || file === '' || file === '*')) return [];
  const wanted = matcher(rest ?? '*');
  const files = target.binaries?.(file ?? '*') ?? [];
  return files.flatMap(each =>
    ofFiles
      .filter(fits)
      .flatMap(kind =>
        inFile(target, kind, each).filter(name => wanted(name.slice(name.indexOf(each) + each.length + 1))),
      ),
  );
}

function inFile(target: TraceTarget, kind: (typeof ofFiles)[number], file: string): string[] {
  if (kind !== 'usdt') return (target.functions?.(file, '*') ?? []).map(name => `${kind}:${file}:${name}`);
  const names = (target.usdt?.(file) ?? []).map(({ provider, name }) => `usdt:${file}:${provider}:${name}`);
  return [...new Set(names)].sort();
}
