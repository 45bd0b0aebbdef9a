/** Providers of probes: their names, what stands behind the colons, and what becomes of it. */
import type { BpfError } from '../../errors/bpf-error.js';
import { meant } from '../../errors/nearest.js';
import type { TraceTarget } from '../machine.js';
import type { Script } from '../text/script.js';
import type { AttachPoint } from '../tree/tree.js';
import { kernelFunction, traced } from './functions.js';
import { iterator } from './iterators.js';
import { period } from './period.js';
import type { Plans, ProbePlan } from './plan.js';
import { rawTracepoint, tracepoint } from './tracepoints.js';
import { usdt } from './usdt.js';
import { userFunction } from './user-functions.js';
import { watchpoint } from './watchpoint.js';

/** What a reader of attach points needs. */
export interface PointRequest {
  readonly point: AttachPoint;
  /** Behind the provider. */
  readonly parts: readonly string[];
  readonly script: Script;
  readonly target: TraceTarget;
  readonly refuse: (reason: string, hint?: string) => BpfError;
}

/** A provider: names, and its probes of an attach point. One without `plan` is known, and not supported yet. */
interface Provider {
  readonly name: string;
  readonly short?: readonly string[];
  readonly plan?: (request: PointRequest) => Plans;
}

export const providers: readonly Provider[] = [
  { name: 'begin', short: ['BEGIN'], plan: () => [special('begin')] },
  { name: 'end', short: ['END'], plan: () => [special('end')] },
  { name: 'self', plan: planSignal },
  { name: 'test' },
  { name: 'bench' },
  { name: 'interval', short: ['i'], plan: request => [timed('interval', request)] },
  { name: 'profile', short: ['p'], plan: request => [timed('profile', request)] },
  { name: 'tracepoint', short: ['t'], plan: tracepoint },
  { name: 'rawtracepoint', short: ['rt'], plan: rawTracepoint },
  { name: 'software', short: ['s'], plan: request => [counted('software', request)] },
  { name: 'hardware', short: ['h'], plan: request => [counted('hardware', request)] },
  { name: 'kprobe', short: ['k'], plan: request => kernelFunction(request, false) },
  { name: 'kretprobe', short: ['kr'], plan: request => kernelFunction(request, true) },
  { name: 'fentry', short: ['f', 'kfunc'], plan: request => traced(request, 'fentry') },
  { name: 'fexit', short: ['fr', 'kretfunc'], plan: request => traced(request, 'fexit') },
  { name: 'uprobe', short: ['u'], plan: request => userFunction(request, false) },
  { name: 'uretprobe', short: ['ur'], plan: request => userFunction(request, true) },
  { name: 'usdt', short: ['U'], plan: usdt },
  { name: 'iter', short: ['it'], plan: iterator },
  { name: 'watchpoint', short: ['w'], plan: watchpoint },
];

/** The probes of an attach point: several where it is a pattern. @throws BpfError with what is wrong with it */
export function plansOf(point: AttachPoint, script: Script, target: TraceTarget): Plans {
  const provider = providers.find(
    ({ name, short = [] }) => name === point.provider || short.includes(point.provider),
  );
  if (provider === undefined) {
    const hint = meant(
      point.provider,
      providers.map(({ name }) => name),
    );
    throw script.error(point, `there is no probe ${point.provider}`, hint);
  }
  if (provider.plan === undefined)
    throw script.error(point, `${provider.name} probes are not supported yet`, 'see libbpf-ts trace --info');
  const refuse = (reason: string, hint?: string) => script.error(point, reason, hint);
  return provider.plan({ point, parts: point.parts, script, target, refuse });
}

function special(kind: 'begin' | 'end'): ProbePlan {
  return { provider: 'special', name: kind, section: 'raw_tp', trigger: { kind }, space: 'kernel' };
}

function planSignal({ point, parts, refuse }: PointRequest): ProbePlan[] {
  const [kind, signal] = parts;
  if (kind !== 'signal' || !signal?.startsWith('SIG')) throw refuse('expected self:signal:SIGUSR1');
  return [
    {
      provider: 'self',
      name: point.text,
      section: 'raw_tp',
      trigger: { kind: 'signal', signal },
      space: 'kernel',
    },
  ];
}

function timed(kind: 'interval' | 'profile', request: PointRequest): ProbePlan {
  const name = [kind, ...request.parts].join(':');
  return {
    provider: kind,
    name,
    section: 'perf_event',
    trigger: { kind, ...period(request) },
    space: 'user',
  };
}

/** Names of bpftrace for perf's events. */
const eventNames: Readonly<Record<string, string>> = {
  cpu: 'cpu-clock',
  faults: 'page-faults',
  cs: 'context-switches',
  cycles: 'cpu-cycles',
  branches: 'branch-instructions',
  'frontend-stalls': 'stalled-cycles-frontend',
  'backend-stalls': 'stalled-cycles-backend',
};

/** How many events, where it is not said (src/probe_types in bpftrace). */
const defaultCounts: Readonly<Record<string, bigint>> = {
  'cpu-clock': 1_000_000n,
  'page-faults': 100n,
  'context-switches': 1_000n,
  'minor-faults': 100n,
};

function counted(provider: 'software' | 'hardware', { parts, refuse }: PointRequest): ProbePlan {
  const [given = '', count = ''] = parts;
  const event = eventNames[given] ?? given;
  if (event === '')
    throw refuse(`${provider} takes an event`, `as ${provider === 'software' ? 'page-faults' : 'cycles'}`);
  if (!/^\d*$|^\d+e\d+$/.test(count)) throw refuse(`${count} is no number of events`);
  const often =
    count === ''
      ? (defaultCounts[event] ?? (provider === 'software' ? 1n : 1_000_000n))
      : BigInt(Number(count));
  if (often === 0n) throw refuse('a probe runs after at least one event');
  const name = `${provider}:${given}:${often}`;
  return {
    provider,
    name,
    section: 'perf_event',
    trigger: { kind: 'event', event, period: often },
    space: 'user',
  };
}

const events: Readonly<Record<'software' | 'hardware', readonly string[]>> = {
  software: [
    ...[
      'alignment-faults',
      'bpf-output',
      'context-switches',
      'cpu',
      'cpu-clock',
      'cpu-migrations',
      'cs',
      'dummy',
    ],
    ...['emulation-faults', 'faults', 'major-faults', 'minor-faults', 'page-faults', 'task-clock'],
  ],
  hardware: [
    ...['backend-stalls', 'branch-instructions', 'branch-misses', 'branches', 'bus-cycles', 'cache-misses'],
    ...['cache-references', 'cpu-cycles', 'cycles', 'frontend-stalls', 'instructions', 'ref-cycles'],
  ],
};

/** Events of perf, as probes. */
export function eventList(): string[] {
  return Object.entries(events).flatMap(([provider, names]) => names.map(name => `${provider}:${name}:`));
}
