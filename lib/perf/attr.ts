/** `struct perf_event_attr` of perf_event_open(2). */

/** Its fields, as far as they are used; those left out are zero. */
export interface PerfEventAttr {
  readonly type: number;
  readonly config: bigint;
  /** Or frequency, with that flag. */
  readonly period?: bigint;
  readonly sampleType?: bigint;
  readonly readFormat?: bigint;
  readonly flags?: bigint;
  /** Events, or bytes with the flag `watermark`. */
  readonly wakeup?: number;
  readonly access?: number;
  readonly address?: bigint;
  readonly length?: bigint;
  readonly clock?: number;
}

/** Bits of its flags. */
export const attrFlags = {
  disabled: 1n << 0n,
  inherit: 1n << 1n,
  excludeUser: 1n << 4n,
  excludeKernel: 1n << 5n,
  frequency: 1n << 10n,
  watermark: 1n << 14n,
  useClock: 1n << 25n,
  writeBackward: 1n << 27n,
} as const;

/** The bytes: `PERF_ATTR_SIZE_VER3` of include/uapi/linux/perf_event.h, 96 of them, with `clockid` of Linux 4.1. */
export function attrBytes(attr: PerfEventAttr): Uint8Array {
  const view = new DataView(new ArrayBuffer(96));
  view.setUint32(0, attr.type, true);
  view.setBigUint64(8, attr.config, true);
  view.setBigUint64(16, attr.period ?? 0n, true);
  view.setBigUint64(24, attr.sampleType ?? 0n, true);
  view.setBigUint64(32, attr.readFormat ?? 0n, true);
  view.setBigUint64(40, attr.flags ?? 0n, true);
  view.setUint32(48, attr.wakeup ?? 0, true);
  view.setUint32(52, attr.access ?? 0, true);
  view.setBigUint64(56, attr.address ?? 0n, true);
  view.setBigUint64(64, attr.length ?? 0n, true);
  view.setInt32(92, attr.clock ?? 0, true);
  return new Uint8Array(view.buffer);
}
