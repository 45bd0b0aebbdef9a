/** Each type of link: how what the kernel tells of it is read, and where it is, in a few words. */
import { requireObject } from '../errors/arguments.js';
import { attachTypeName } from '../kinds/attach-types.js';
import { type LinkTypeName, linkTypes } from '../kinds/link-types.js';
import { netfilterFamilies, netfilterHooks } from '../kinds/netfilter.js';
import type { NativeLinkInfo } from '../native/native.js';
import { LinkFields, places } from './link-fields.js';
import type { LinkInfo } from './link-info.js';
import { perfEventPlace, readPerfEvent } from './perf-event-info.js';

type InfoOf<Type extends LinkTypeName> = Extract<LinkInfo, { readonly type: Type }>;

/** One row of the table. */
interface LinkTypeReader<Info extends LinkInfo> {
  read(at: LinkFields, native: NativeLinkInfo): Omit<Info, 'id' | 'programId' | 'type'>;
  place(info: Info): string;
}

/** `BPF_F_KPROBE_MULTI_RETURN`, `BPF_F_UPROBE_MULTI_RETURN`. */
const returnFlag = 1;
/** `BPF_F_NETFILTER_IP_DEFRAG`. */
const defragmentFlag = 1;

const atInterface = (info: InfoOf<'tcx' | 'netkit'>) => `${info.attachType} of interface ${info.ifindex}`;

const readers: { readonly [Type in LinkTypeName]: LinkTypeReader<InfoOf<Type>> } = {
  raw_tracepoint: {
    read: (at, [, name]) => ({ name, cookie: at.u64(places.raw_tracepoint.cookie) }),
    place: ({ name }) => name,
  },
  tracing: {
    read: at => ({
      attachType: attachTypeName(at.u32(places.tracing.attach_type)),
      targetObjectId: at.u32(places.tracing.target_obj_id),
      targetBtfId: at.u32(places.tracing.target_btf_id),
      cookie: at.u64(places.tracing.cookie),
    }),
    place: info => `${info.attachType} of type ${info.targetBtfId} in BTF ${info.targetObjectId}`,
  },
  cgroup: {
    read: at => ({
      cgroupId: at.u64(places.cgroup.cgroup_id),
      attachType: attachTypeName(at.u32(places.cgroup.attach_type)),
    }),
    place: ({ attachType, cgroupId }) => `${attachType} of cgroup ${cgroupId}`,
  },
  iter: {
    read: (at, [, target]) => ({ target, mapId: at.u32(places.iter.map.map_id) }),
    place: ({ target, mapId }) => (mapId === 0 ? target : `${target} of map ${mapId}`),
  },
  netns: {
    read: at => ({
      inode: at.u32(places.netns.netns_ino),
      attachType: attachTypeName(at.u32(places.netns.attach_type)),
    }),
    place: ({ attachType, inode }) => `${attachType} of network namespace ${inode}`,
  },
  xdp: {
    read: at => ({ ifindex: at.u32(places.xdp.ifindex) }),
    place: ({ ifindex }) => `interface ${ifindex}`,
  },
  perf_event: {
    read: (at, [, text]) => ({ event: readPerfEvent(at, text) }),
    place: ({ event }) => perfEventPlace(event),
  },
  kprobe_multi: {
    read: (at, [, , addresses, , cookies]) => ({
      addresses: [...addresses],
      cookies: [...cookies],
      isReturn: (at.u32(places.kprobe_multi.flags) & returnFlag) !== 0,
      missed: at.u64(places.kprobe_multi.missed),
    }),
    place: ({ addresses }) => `${addresses.length} functions`,
  },
  struct_ops: {
    read: at => ({ mapId: at.u32(places.struct_ops.map_id) }),
    place: ({ mapId }) => `map ${mapId}`,
  },
  netfilter: {
    read: at => ({
      family: wordFor(netfilterFamilies, at.u32(places.netfilter.pf)),
      hook: wordFor(netfilterHooks, at.u32(places.netfilter.hooknum)),
      priority: at.s32(places.netfilter.priority),
      defragment: (at.u32(places.netfilter.flags) & defragmentFlag) !== 0,
    }),
    place: ({ family, hook, priority }) => `${family} ${hook}, priority ${priority}`,
  },
  tcx: {
    read: at => ({
      ifindex: at.u32(places.tcx.ifindex),
      attachType: attachTypeName(at.u32(places.tcx.attach_type)),
    }),
    place: atInterface,
  },
  uprobe_multi: {
    read: (at, [, path, offsets, counters, cookies]) => ({
      path,
      offsets: Array.from(offsets, Number),
      refCounterOffsets: Array.from(counters, Number),
      cookies: [...cookies],
      isReturn: (at.u32(places.uprobe_multi.flags) & returnFlag) !== 0,
      pid: at.u32(places.uprobe_multi.pid),
    }),
    place: ({ offsets, path }) => `${offsets.length} places of ${path}`,
  },
  netkit: {
    read: at => ({
      ifindex: at.u32(places.netkit.ifindex),
      attachType: attachTypeName(at.u32(places.netkit.attach_type)),
    }),
    place: atInterface,
  },
  sockmap: {
    read: at => ({
      mapId: at.u32(places.sockmap.map_id),
      attachType: attachTypeName(at.u32(places.sockmap.attach_type)),
    }),
    place: ({ attachType, mapId }) => `${attachType} of map ${mapId}`,
  },
};

const names = new Map(
  Object.entries(linkTypes).map(([name, { type }]) => [type as number, name as LinkTypeName]),
);

function readerOf(type: LinkInfo['type']): LinkTypeReader<LinkInfo> | undefined {
  return Object.hasOwn(readers, type)
    ? (readers[type as LinkTypeName] as LinkTypeReader<LinkInfo>)
    : undefined;
}

function wordFor<Word extends string>(
  words: Readonly<Record<Word, number>>,
  number: number,
): Word | `unknown ${number}` {
  return (Object.keys(words) as Word[]).find(word => words[word] === number) ?? `unknown ${number}`;
}

/** Reads what the native call answered. */
export function readLinkInfo(native: NativeLinkInfo): LinkInfo {
  const fields = new LinkFields(native[0]);
  const number = fields.u32(places.type);
  const type = names.get(number) ?? (`unknown ${number}` as const);
  const base = { id: fields.u32(places.id), programId: fields.u32(places.prog_id) };
  return { type, ...base, ...readerOf(type)?.read(fields, native) } as LinkInfo;
}

/**
 * Where a link is, in a few words, as far as its numbers tell it: `interface 3`, `ipv4 input, priority 5`.
 *
 * @example
 * ```ts
 * for await (const info of links()) console.log(info.type, linkPlace(info));
 * ```
 */
export function linkPlace(info: LinkInfo): string {
  requireObject('tell where a link is', 'it takes what links() and Link.info give', info);
  return readerOf(info.type)?.place(info) ?? '';
}
