/** What probes and structs have, as C text. */
import type { Btf } from '../../doors/btf.js';
import type { TraceTarget } from '../machine.js';
import { matcher } from '../probes/pattern.js';

/** Members of `args` of a probe, a line each. */
export function listFields({ tracepointFormat, btf }: TraceTarget, probe: string): string[] {
  const [provider, category = '', name = ''] = probe.split(':');
  if (provider === 'tracepoint') return inFormat(tracepointFormat?.(category, name) ?? '');
  if (btf === undefined) return [];
  if (provider === 'rawtracepoint') return parameters(btf, btf.find('func', `__bpf_trace_${name}`)).slice(1);
  return provider === 'fentry' ? parameters(btf, btf.find('func', name)) : [];
}

const indent = '    ';

/** Without those that all tracepoints have. */
function inFormat(text: string): string[] {
  const found = Array.from(text.matchAll(/field:(.+?);/g), ([, declaration = '']) => declaration);
  const own = found.filter(each => !/\bcommon_\w+$/.test(each));
  return own.map(each => `${indent}${each}`);
}

function parameters(btf: Btf, id: number | undefined): string[] {
  const func = id === undefined ? undefined : btf.type(id);
  const prototype = func?.kind === 'func' ? btf.type(func.type) : undefined;
  if (prototype?.kind !== 'func_proto') return [];
  return prototype.params.map(({ name, type }) => `${indent}${nameOf(btf, type)} ${name}`);
}

/** A type as C writes it before a name. */
function nameOf(btf: Btf, id: number): string {
  const type = btf.type(id);
  switch (type.kind) {
    case 'ptr':
      return `${nameOf(btf, type.type)} *`;
    case 'const':
    case 'volatile':
      return `${type.kind} ${nameOf(btf, type.type)}`;
    case 'struct':
    case 'union':
    case 'enum':
      return `${type.kind} ${type.name}`;
    case 'fwd':
      return `${type.of} ${type.name}`;
    default:
      return type.name === '' ? 'void' : type.name;
  }
}

/** Types of the kernel by a pattern, as `struct sched_*`; with fields as they are declared. */
export function listStructs({ btf }: TraceTarget, pattern: string, fields: boolean): string[] {
  if (btf === undefined) return [];
  const [, kind = '', name = ''] = /^(\w+) +(.*)$/.exec(pattern) ?? [];
  const fits = matcher(name);
  const found = [...btf.ids(kind as 'struct')].filter(id => btf.name(id) !== '' && fits(btf.name(id)));
  return found.map(id => (fields ? `vmlinux: ${btf.get(id)}\n` : `${kind} ${btf.name(id)}`));
}
