/** Reads what the kernel tells of a link. */
import { littleEndian } from '../btf/byte-order.js';
import { attachTypeName } from '../kinds/attach-types.js';
import { kernelStructs } from '../kinds/kernel-structs.js';
import { netfilterFamilies, netfilterHooks } from '../kinds/netfilter.js';
import type { NativeLinkInfo } from '../native/native.js';
import type { LinkInfo } from './link-info.js';

/** Reads numbers of `struct bpf_link_info`, whose kinds share their bytes from 16 on. */
class Fields {
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, littleEndian);
  }

  s32(offset: number): number {
    return this.#view.getInt32(offset, littleEndian);
  }

  u64(offset: number): bigint {
    return this.#view.getBigUint64(offset, littleEndian);
  }
}

const { bpf_link_info: places } = kernelStructs;

/** `BPF_F_KPROBE_MULTI_RETURN`, `BPF_F_UPROBE_MULTI_RETURN`. */
const returnFlag = 1;
/** `BPF_F_NETFILTER_IP_DEFRAG`. */
const defragmentFlag = 1;

type Reader = (fields: Fields, native: NativeLinkInfo) => object;

/** By `enum bpf_link_type`. */
const readers: readonly (readonly [type: string, read: Reader] | undefined)[] = [
  undefined,
  ['raw_tracepoint', (at, [, name]) => ({ name, cookie: at.u64(places.raw_tracepoint.cookie) })],
  [
    'tracing',
    at => ({
      attachType: attachTypeName(at.u32(places.tracing.attach_type)),
      targetObjectId: at.u32(places.tracing.target_obj_id),
      targetBtfId: at.u32(places.tracing.target_btf_id),
      cookie: at.u64(places.tracing.cookie),
    }),
  ],
  [
    'cgroup',
    at => ({
      cgroupId: at.u64(places.cgroup.cgroup_id),
      attachType: attachTypeName(at.u32(places.cgroup.attach_type)),
    }),
  ],
  ['iter', (at, [, target]) => ({ target, mapId: at.u32(places.iter.map.map_id) })],
  [
    'netns',
    at => ({
      inode: at.u32(places.netns.netns_ino),
      attachType: attachTypeName(at.u32(places.netns.attach_type)),
    }),
  ],
  ['xdp', at => ({ ifindex: at.u32(places.xdp.ifindex) })],
  ['perf_event', (at, [, text]) => ({ event: perfEvent(at, text) })],
  [
    'kprobe_multi',
    (at, [, , addresses, , cookies]) => ({
      addresses: [...addresses],
      cookies: [...cookies],
      isReturn: (at.u32(places.kprobe_multi.flags) & returnFlag) !== 0,
      missed: at.u64(places.kprobe_multi.missed),
    }),
  ],
  ['struct_ops', at => ({ mapId: at.u32(places.struct_ops.map_id) })],
  [
    'netfilter',
    at => ({
      family: wordFor(netfilterFamilies, at.u32(places.netfilter.pf)),
      hook: wordFor(netfilterHooks, at.u32(places.netfilter.hooknum)),
      priority: at.s32(places.netfilter.priority),
      defragment: (at.u32(places.netfilter.flags) & defragmentFlag) !== 0,
    }),
  ],
  [
    'tcx',
    at => ({
      ifindex: at.u32(places.tcx.ifindex),
      attachType: attachTypeName(at.u32(places.tcx.attach_type)),
    }),
  ],
  [
    'uprobe_multi',
    (at, [, path, offsets, counters, cookies]) => ({
      path,
      offsets: Array.from(offsets, Number),
      refCounterOffsets: Array.from(counters, Number),
      cookies: [...cookies],
      isReturn: (at.u32(places.uprobe_multi.flags) & returnFlag) !== 0,
      pid: at.u32(places.uprobe_multi.pid),
    }),
  ],
  [
    'netkit',
    at => ({
      ifindex: at.u32(places.netkit.ifindex),
      attachType: attachTypeName(at.u32(places.netkit.attach_type)),
    }),
  ],
  [
    'sockmap',
    at => ({
      mapId: at.u32(places.sockmap.map_id),
      attachType: attachTypeName(at.u32(places.sockmap.attach_type)),
    }),
  ],
];

/** `enum bpf_perf_event_type`. */
const perfEventTypes = ['', 'uprobe', 'uretprobe', 'kprobe', 'kretprobe', 'tracepoint', 'event'];

function perfEvent(at: Fields, text: string): object {
  const type = perfEventTypes[at.u32(places.perf_event.type)];
  switch (type) {
    case 'uprobe':
    case 'uretprobe':
      return {
        type,
        path: text,
        offset: at.u32(places.perf_event.uprobe.offset),
        cookie: at.u64(places.perf_event.uprobe.cookie),
      };
    case 'kprobe':
    case 'kretprobe':
      return {
        type,
        function: text,
        offset: at.u32(places.perf_event.kprobe.offset),
        address: at.u64(places.perf_event.kprobe.addr),
        missed: at.u64(places.perf_event.kprobe.missed),
        cookie: at.u64(places.perf_event.kprobe.cookie),
      };
    case 'tracepoint':
      return { type, name: text, cookie: at.u64(places.perf_event.tracepoint.cookie) };
    case 'event':
      return {
        type,
        config: at.u64(places.perf_event.event.config),
        eventType: at.u32(places.perf_event.event.type),
        cookie: at.u64(places.perf_event.event.cookie),
      };
    default:
      return { type: `unknown ${at.u32(places.perf_event.type)}` };
  }
}

function wordFor(words: Readonly<Record<string, number>>, number: number): string {
  return Object.keys(words).find(word => words[word] === number) ?? `unknown ${number}`;
}

/** Reads what the native call answered. */
export function readLinkInfo(native: NativeLinkInfo): LinkInfo {
  const fields = new Fields(native[0]);
  const base = { id: fields.u32(places.id), programId: fields.u32(places.prog_id) };
  const [type, read] = readers[fields.u32(places.type)] ?? [`unknown ${fields.u32(places.type)}`, () => ({})];
  return { type, ...base, ...read(fields, native) } as LinkInfo;
}
