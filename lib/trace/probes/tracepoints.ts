/** Tracepoints: with the fields of their records, or raw, with the arguments that they are called with. */
import type { Btf } from '../../doors/btf.js';
import { meant } from '../../errors/nearest.js';
import type { TraceTarget } from '../machine.js';
import { typeOf } from '../types/from-btf.js';
import { matcher } from './pattern.js';
import type { Argument, Plans, ProbePlan } from './plan.js';
import type { PointRequest } from './providers.js';
import { tracepointFields } from './tracepoint-format.js';

/** @throws BpfError for a point that is not written as one */
export function tracepoint({ parts, refuse, target }: PointRequest): Plans {
  const [category, name] = parts;
  if (category === undefined || name === undefined || parts.length > 2)
    throw refuse('expected tracepoint:CATEGORY:NAME', 'as tracepoint:sched:sched_switch');
  const pattern = `${category}:${name}`;
  if (!pattern.includes('*')) return oneTracepoint(target, category, name);
  const found = (target.tracepoints?.() ?? []).filter(matcher(pattern));
  if (found.length === 0) return { missing: `no tracepoint matches ${pattern}`, isPattern: true };
  return found.map(each => tracepointPlan(target, ...(each.split(':') as [string, string])));
}

/** Where formats are not known, all are taken to be there. */
function oneTracepoint(target: TraceTarget, category: string, name: string): Plans {
  const { tracepointFormat, tracepoints } = target;
  if (tracepointFormat === undefined || tracepointFormat(category, name) !== undefined)
    return [tracepointPlan(target, category, name)];
  const hint = meant(`${category}:${name}`, tracepoints?.() ?? []);
  return { missing: `there is no tracepoint ${category}:${name}`, hint };
}

function tracepointPlan(target: TraceTarget, category: string, name: string): ProbePlan {
  const text = target.tracepointFormat?.(category, name);
  const space = category === 'syscalls' ? 'user' : 'kernel';
  return {
    provider: 'tracepoint',
    name: `tracepoint:${category}:${name}`,
    section: `tp/${category}/${name}`,
    trigger: { kind: 'tracepoint', category, name },
    ...(text !== undefined && { arguments: tracepointFields(text, target.btf, space) }),
    space,
  };
}

/** @throws BpfError for a point that is not written as one */
export function rawTracepoint({ parts, refuse, target }: PointRequest): Plans {
  const name = parts.at(-1);
  if (name === undefined || parts.length > 2)
    throw refuse('expected rawtracepoint:NAME', 'as rawtracepoint:sched_switch');
  const module = parts.length > 1 ? (parts[0] ?? '') : 'vmlinux';
  const { btf } = target;
  if (btf && name.includes('*')) return matchingRaw(btf, module, name);
  const known = btf && rawArguments(btf, name);
  if (btf && known === undefined) return { missing: `there is no raw tracepoint ${name}` };
  return [rawPlan(module, name, known)];
}

function matchingRaw(btf: Btf, module: string, pattern: string): Plans {
  const names = [...btf.ids('typedef')].map(id => btf.name(id)).filter(each => each.startsWith(rawPrefix));
  const found = names.map(each => each.slice(rawPrefix.length)).filter(matcher(pattern));
  if (found.length === 0) return { missing: `no raw tracepoint matches ${pattern}`, isPattern: true };
  return found.map(each => rawPlan(module, each, rawArguments(btf, each)));
}

function rawPlan(module: string, name: string, known: readonly Argument[] | undefined): ProbePlan {
  return {
    provider: 'rawtracepoint',
    name: `rawtracepoint:${module}:${name}`,
    section: `raw_tp/${name}`,
    trigger: { kind: 'rawtracepoint', name },
    ...(known && { arguments: known }),
    registers: { arguments: Array.from({ length: 12 }, (_, at) => at * 8) },
    space: 'kernel',
  };
}

const rawPrefix = 'btf_trace_';

/** The parameters of `btf_trace_NAME` behind the first, which is the probe's own data (include/trace/bpf_probe.h). */
function rawArguments(btf: Btf, name: string): Argument[] | undefined {
  const id = btf.find('typedef', `${rawPrefix}${name}`);
  const pointer = id === undefined ? undefined : btf.type(btf.resolve(id));
  const prototype = pointer?.kind === 'ptr' ? btf.type(pointer.type) : undefined;
  if (prototype?.kind !== 'func_proto') return undefined;
  return prototype.params.slice(1).map((each, at) => ({
    name: each.name,
    type: typeOf(btf, each.type, 'kernel'),
    offset: at * 8,
    size: 8,
  }));
}
