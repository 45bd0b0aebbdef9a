/** What the kernel tells of a link, by kind. */
import { littleEndian } from '../btf/byte-order.js';
import {
  type NetfilterFamily,
  type NetfilterHook,
  netfilterFamilies,
  netfilterHooks,
} from '../kinds/netfilter.js';
import { type NativeLinkInfo, native } from '../native/native.js';

/** What every link has. */
interface LinkBase {
  /** The kernel's number of the link. */
  readonly id: number;
  /** The kernel's number of the attached program; 0 for struct_ops. */
  readonly programId: number;
}

/** A link as the kernel sees it; `type` tells the kinds apart. `type` and `attachType` are libbpf's words. */
export type LinkInfo = LinkBase &
  (
    | { readonly type: 'raw_tracepoint'; readonly name: string; readonly cookie: bigint }
    | {
        readonly type: 'tracing';
        readonly attachType: string;
        readonly targetObjectId: number;
        readonly targetBtfId: number;
        readonly cookie: bigint;
      }
    | { readonly type: 'cgroup'; readonly cgroupId: bigint; readonly attachType: string }
    | { readonly type: 'iter'; readonly target: string; readonly mapId: number }
    | { readonly type: 'netns'; readonly inode: number; readonly attachType: string }
    | { readonly type: 'xdp'; readonly ifindex: number }
    | { readonly type: 'struct_ops'; readonly mapId: number }
    | {
        readonly type: 'netfilter';
        readonly family: NetfilterFamily | `unknown ${number}`;
        readonly hook: NetfilterHook | `unknown ${number}`;
        readonly priority: number;
        readonly flags: number;
      }
    | {
        readonly type: 'kprobe_multi';
        readonly addresses: readonly bigint[];
        readonly cookies: readonly bigint[];
        readonly flags: number;
        readonly missed: bigint;
      }
    | {
        readonly type: 'uprobe_multi';
        readonly path: string;
        readonly offsets: readonly bigint[];
        readonly refCounterOffsets: readonly bigint[];
        readonly cookies: readonly bigint[];
        readonly flags: number;
        readonly pid: number;
      }
    | { readonly type: 'perf_event'; readonly event: PerfEventInfo }
    | { readonly type: 'tcx' | 'netkit'; readonly ifindex: number; readonly attachType: string }
    | { readonly type: 'sockmap'; readonly mapId: number; readonly attachType: string }
    | { readonly type: `unknown ${number}` }
  );

/** What a perf event link counts. */
export type PerfEventInfo =
  | {
      readonly type: 'uprobe' | 'uretprobe';
      readonly path: string;
      readonly offset: number;
      readonly cookie: bigint;
    }
  | {
      readonly type: 'kprobe' | 'kretprobe';
      readonly function: string;
      readonly offset: number;
      readonly address: bigint;
      readonly missed: bigint;
      readonly cookie: bigint;
    }
  | { readonly type: 'tracepoint'; readonly name: string; readonly cookie: bigint }
  | {
      readonly type: 'event';
      readonly eventType: number;
      readonly config: bigint;
      readonly cookie: bigint;
    }
  | { readonly type: `unknown ${number}` };

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

type Reader = (fields: Fields, native: NativeLinkInfo) => object;

/** By `enum bpf_link_type`. */
const readers: readonly (readonly [type: string, read: Reader] | undefined)[] = [
  undefined,
  ['raw_tracepoint', (at, [, name]) => ({ name, cookie: at.u64(32) })],
  [
    'tracing',
    at => ({
      attachType: attachTypeName(at.u32(16)),
      targetObjectId: at.u32(20),
      targetBtfId: at.u32(24),
      cookie: at.u64(32),
    }),
  ],
  ['cgroup', at => ({ cgroupId: at.u64(16), attachType: attachTypeName(at.u32(24)) })],
  ['iter', (at, [, target]) => ({ target, mapId: at.u32(28) })],
  ['netns', at => ({ inode: at.u32(16), attachType: attachTypeName(at.u32(20)) })],
  ['xdp', at => ({ ifindex: at.u32(16) })],
  ['perf_event', (at, [, text]) => ({ event: perfEvent(at, text) })],
  [
    'kprobe_multi',
    (at, [, , addresses, , cookies]) => ({
      addresses: [...addresses],
      cookies: [...cookies],
      flags: at.u32(28),
      missed: at.u64(32),
    }),
  ],
  ['struct_ops', at => ({ mapId: at.u32(16) })],
  [
    'netfilter',
    at => ({
      family: wordFor(netfilterFamilies, at.u32(16)),
      hook: wordFor(netfilterHooks, at.u32(20)),
      priority: at.s32(24),
      flags: at.u32(28),
    }),
  ],
  ['tcx', at => ({ ifindex: at.u32(16), attachType: attachTypeName(at.u32(20)) })],
  [
    'uprobe_multi',
    (at, [, path, offsets, counters, cookies]) => ({
      path,
      offsets: [...offsets],
      refCounterOffsets: [...counters],
      cookies: [...cookies],
      flags: at.u32(56),
      pid: at.u32(60),
    }),
  ],
  ['netkit', at => ({ ifindex: at.u32(16), attachType: attachTypeName(at.u32(20)) })],
  ['sockmap', at => ({ mapId: at.u32(16), attachType: attachTypeName(at.u32(20)) })],
];

/** `enum bpf_perf_event_type`. */
const perfEventTypes = ['', 'uprobe', 'uretprobe', 'kprobe', 'kretprobe', 'tracepoint', 'event'];

function perfEvent(at: Fields, text: string): object {
  const type = perfEventTypes[at.u32(16)];
  switch (type) {
    case 'uprobe':
    case 'uretprobe':
      return { type, path: text, offset: at.u32(36), cookie: at.u64(40) };
    case 'kprobe':
    case 'kretprobe':
      return {
        type,
        function: text,
        offset: at.u32(36),
        address: at.u64(40),
        missed: at.u64(48),
        cookie: at.u64(56),
      };
    case 'tracepoint':
      return { type, name: text, cookie: at.u64(40) };
    case 'event':
      return { type, config: at.u64(24), eventType: at.u32(32), cookie: at.u64(40) };
    default:
      return { type: `unknown ${at.u32(16)}` };
  }
}

function wordFor(words: Readonly<Record<string, number>>, number: number): string {
  return Object.keys(words).find(word => words[word] === number) ?? `unknown ${number}`;
}

/** libbpf's word for an `enum bpf_attach_type`, as `cgroup_inet4_connect`. */
export function attachTypeName(type: number): string {
  const name = native().attachTypeName(type);
  return typeof name === 'string' ? name : `unknown ${type}`;
}

/** Reads what the native call answered. */
export function readLinkInfo(native: NativeLinkInfo): LinkInfo {
  const fields = new Fields(native[0]);
  const base = { id: fields.u32(4), programId: fields.u32(8) };
  const [type, read] = readers[fields.u32(0)] ?? [`unknown ${fields.u32(0)}`, () => ({})];
  return { type, ...base, ...read(fields, native) } as LinkInfo;
}
