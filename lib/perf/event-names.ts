/** Names of perf events, as `perf list` has them, and the numbers behind them. */

import { argumentError } from '../errors/arguments.js';

/** `enum perf_sw_ids`. */
const software = {
  'cpu-clock': 0,
  'task-clock': 1,
  'page-faults': 2,
  'context-switches': 3,
  'cpu-migrations': 4,
  'minor-faults': 5,
  'major-faults': 6,
  'alignment-faults': 7,
  'emulation-faults': 8,
} as const;

/** `enum perf_hw_id`. */
const hardware = {
  cycles: 0,
  instructions: 1,
  'cache-references': 2,
  'cache-misses': 3,
  branches: 4,
  'branch-misses': 5,
  'bus-cycles': 6,
  'stalled-cycles-frontend': 7,
  'stalled-cycles-backend': 8,
  'ref-cycles': 9,
} as const;

/** `enum perf_type_id`. */
const types = { hardware: 0, software: 1, tracepoint: 2, breakpoint: 5 } as const;

/** `HW_BREAKPOINT_R`, `_W`, `_RW`, `_X`. */
const accesses = { read: 1, write: 2, readwrite: 3, execute: 4 } as const;

/** What a perf event counts. */
export type PerfEvent =
  | keyof typeof software
  | keyof typeof hardware
  | { readonly tracepoint: number }
  | { readonly breakpoint: bigint; readonly length?: 1 | 2 | 4 | 8; readonly access: keyof typeof accesses }
  | { readonly type: number; readonly config: bigint };

/** What `struct perf_event_attr` wants to know. */
interface EventCode {
  readonly type: number;
  readonly config: bigint;
  readonly address?: bigint;
  readonly length?: bigint;
  readonly access?: number;
}

/** @throws BpfError `ERR_BPF_ARGUMENT` for an unknown name; it lists the known ones. */
export function eventCode(source: PerfEvent): EventCode {
  if (typeof source === 'string') return namedEvent(source);
  if ('tracepoint' in source) return { type: types.tracepoint, config: BigInt(source.tracepoint) };
  if ('type' in source) return source;
  const { breakpoint: address, length = 8, access } = source;
  return { type: types.breakpoint, config: 0n, address, length: BigInt(length), access: accesses[access] };
}

function namedEvent(name: string): EventCode {
  if (Object.hasOwn(software, name))
    return { type: types.software, config: BigInt(software[name as 'cpu-clock']) };
  if (Object.hasOwn(hardware, name))
    return { type: types.hardware, config: BigInt(hardware[name as 'cycles']) };
  const known = [...Object.keys(software), ...Object.keys(hardware)].join(', ');
  const reason = `there is no event ${name}; there are ${known}`;
  throw argumentError('open a perf event', reason);
}
