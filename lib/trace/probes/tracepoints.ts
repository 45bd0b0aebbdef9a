/** Tracepoints: with the fields of their records, or raw, with the arguments that they are called with. */
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
  const known = target.btf && rawArguments(target.btf, name);
  if (target.btf && known === undefined) return { missing: `there is no raw tracepoint ${name}` };
  const trigger = { kind: 'rawtracepoint', name } as const;
  const registers = { arguments: Array.from({ length: 12 }, (_, at) => at * 8) };
  return [
    {
      provider: 'rawtracepoint',
      name: `rawtracepoint:${parts.length > 1 ? parts.join(':') : `vmlinux:${name}`}`,
      section: `raw_tp/${name}`,
      trigger,
      ...(known && { arguments: known }),
      registers,
      space: 'kernel',
    },
  ];
}

/** The parameters of `btf_trace_NAME` behind the first, which is the probe's own data (include/trace/bpf_probe.h). */
function rawArguments(btf: NonNullable<PointRequest['target']['btf']>, name: string): Argument[] | undefined {
  const id = btf.find('typedef', `btf_trace_${name}`);
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
