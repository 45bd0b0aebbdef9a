/** Perf events that are opened here: of libbpf's kinds too, where it has no bpf_program to attach. */
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { errnoError } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { tooOld } from '../native/kernel-support.js';
import type { Errno, LinkHandle, Outcome } from '../native/native.js';
import { attrBytes, type PerfEventAttr } from '../perf/attr.js';
import type { AttachRequest, Outcomes } from './attach-kind.js';

const { EINVAL, ENOENT } = constants.errno;

/** Which process and CPU an event counts on, and the cookie that its program gets. */
interface Watch {
  readonly pid: number;
  readonly cpu: number;
  readonly cookie: bigint | undefined;
  /** Of a probe: the function or file, whose place in memory the kernel is told. */
  readonly name?: string;
}

/**
 * Opens an event and attaches to it.
 *
 * @throws BpfError `EINVAL` before Linux 5.15, which has no link of one (bpf_perf_link_attach() in kernel/bpf/syscall.c)
 */
export function* attachToEvent(
  request: AttachRequest,
  attr: PerfEventAttr,
  { pid, cpu, cookie = 0n, name }: Watch,
): Flow<Outcome<LinkHandle>> {
  const bytes = attrBytes(attr);
  const outcome = yield* job(
    'programAttachPerfEvent',
    request.program,
    bytes,
    pid,
    cpu,
    cookie,
    name ?? null,
  );
  const old = request.alone && outcome[0] === -EINVAL && tooOld('5.15', 'a link of a perf event');
  if (old) throw errnoError(-EINVAL, request.operation, old);
  return outcome;
}

/** One place in the kernel or in a file. */
export interface Probe extends Pick<Watch, 'cookie'> {
  readonly pmu: 'kprobe' | 'uprobe';
  readonly name: string;
  readonly offset: bigint;
  readonly isReturn: boolean;
  readonly pid: number;
  readonly refCounterOffset?: number;
}

/** As perf_event_open_probe() in libbpf.c: by the PMU that sysfs has since Linux 4.17. */
export function* attachToProbe(request: AttachRequest, probe: Probe): Flow<Outcomes> {
  const { pmu, name, offset, isReturn, pid, cookie, refCounterOffset = 0 } = probe;
  const folder = `/sys/bus/event_source/devices/${pmu}`;
  if (!existsSync(folder)) return [[-ENOENT as Errno, '']];
  const bit = Number(/\d+/.exec(readFileSync(`${folder}/format/retprobe`, 'utf8'))?.[0]);
  const attr = {
    type: Number(readFileSync(`${folder}/type`, 'utf8')),
    config: (isReturn ? 1n << BigInt(bit) : 0n) | (BigInt(refCounterOffset) << 32n),
    length: offset,
  };
  return [yield* attachToEvent(request, attr, { pid, cpu: pid < 0 ? 0 : -1, cookie, name })];
}

/** `PERF_TYPE_TRACEPOINT`. */
const tracepointType = 2;

/** As perf_event_open_tracepoint() in libbpf.c: by the number that tracefs has. */
export function* attachToTracepoint(
  request: AttachRequest,
  category: string,
  name: string,
  cookie: bigint | undefined,
): Flow<Outcomes> {
  const path = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing']
    .map(root => `${root}/events/${category}/${name}/id`)
    .find(existsSync);
  if (path === undefined) return [[-ENOENT as Errno, '']];
  const attr = { type: tracepointType, config: BigInt(readFileSync(path, 'utf8').trim()) };
  return [yield* attachToEvent(request, attr, { pid: -1, cpu: 0, cookie })];
}
