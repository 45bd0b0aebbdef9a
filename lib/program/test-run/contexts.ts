/**
 * What programs get beside their data, and answer in it: structs of include/uapi/linux/bpf.h, by the members that
 * test runs use (convert___skb_to_skb() and xdp_convert_md_to_buff() in net/bpf/test_run.c).
 */
import {
  array,
  bool,
  enumeration,
  flags,
  ipv4,
  ipv6,
  type StructCodec,
  struct,
  u8,
  u16,
  u16be,
  u32,
  u32be,
  u64,
} from '../../codec/index.js';

/** Of `struct xdp_md`: where the frame came from. */
export interface XdpContext {
  /** An interface of this network namespace; 0 for none. */
  readonly ingressIfindex: number;
  /** Of that interface. */
  readonly rxQueueIndex: number;
}

/** `struct xdp_md`. */
interface XdpMd extends XdpContext {
  readonly data: number;
  readonly dataEnd: number;
}

/** The numbers count from the start of the metadata here, and not from an address. */
export const xdpMd: StructCodec<XdpMd> = struct('struct xdp_md', 24, {
  data: [0, u32],
  dataEnd: [4, u32],
  ingressIfindex: [12, u32],
  rxQueueIndex: [16, u32],
});

/** Of `struct __sk_buff`: what may be set, and is told afterwards. */
export interface SkbContext {
  readonly mark: number;
  readonly priority: number;
  /** The interface that it came in by. */
  readonly ingressIfindex: number;
  /** The interface that it is at; 0 stands for the loopback interface, which is then told. */
  readonly ifindex: number;
  /** Five numbers that programs of a classifier hand on. */
  readonly cb: readonly number[];
  /** Nanoseconds. */
  readonly tstamp: bigint;
  /** Bytes on the wire; 0 stands for the packet's own length. */
  readonly wireLen: number;
  readonly gsoSegs: number;
  readonly gsoSize: number;
  /** Nanoseconds. @since Linux 5.16 */
  readonly hwtstamp: bigint;
}

export const skb: StructCodec<SkbContext> = struct('struct __sk_buff', 192, {
  mark: [8, u32],
  priority: [32, u32],
  ingressIfindex: [36, u32],
  ifindex: [40, u32],
  cb: [48, array(u32, 5)],
  tstamp: [152, u64],
  wireLen: [160, u32],
  gsoSegs: [164, u32],
  gsoSize: [176, u32],
  hwtstamp: [184, u64],
});

/** Of `struct bpf_sk_lookup`: the packet that a socket is looked up for. */
export interface SkLookupContext {
  /** A number for another one. */
  readonly family: 'ipv4' | 'ipv6' | number;
  /** A number for another one, `IPPROTO_…`. */
  readonly protocol: 'tcp' | 'udp' | number;
  readonly remoteIp4: string;
  readonly remoteIp6: string;
  readonly remotePort: number;
  readonly localIp4: string;
  readonly localIp6: string;
  readonly localPort: number;
  /** @since Linux 5.17 */
  readonly ingressIfindex: number;
}

/** `struct bpf_sk_lookup`, with the cookie of the socket that was chosen. */
export const skLookup: StructCodec<SkLookupContext & { readonly cookie: bigint }> = struct(
  'struct bpf_sk_lookup',
  72,
  {
    cookie: [0, u64],
    family: [8, enumeration('family', u32, { ipv4: 2, ipv6: 10 })],
    protocol: [12, enumeration('protocol', u32, { tcp: 6, udp: 17 })],
    remoteIp4: [16, ipv4],
    remoteIp6: [20, ipv6],
    remotePort: [36, u16be],
    localIp4: [40, ipv4],
    localIp6: [44, ipv6],
    localPort: [60, u32],
    ingressIfindex: [64, u32],
  },
);

/** `BPF_FLOW_DISSECTOR_F_…`. */
const dissectorFlags = { parse_1st_frag: 1, stop_at_flow_label: 2, stop_at_encap: 4 } as const;

/** How a flow dissector is asked to go on: into the first fragment, not behind a flow label, not into what is encapsulated. */
export type FlowDissectorFlag = keyof typeof dissectorFlags;

/** `struct bpf_flow_keys`: what a flow dissector found. */
export interface FlowKeys {
  /** Offset of the network header. */
  readonly nhoff: number;
  /** Offset of the transport header. */
  readonly thoff: number;
  /** `ETH_P_IP` or `ETH_P_IPV6` where there are addresses: it says which. */
  readonly addrProto: number;
  readonly isFrag: boolean;
  readonly isFirstFrag: boolean;
  readonly isEncap: boolean;
  readonly ipProto: number;
  readonly nProto: number;
  readonly sport: number;
  readonly dport: number;
  readonly ipv4Src: string;
  readonly ipv4Dst: string;
  readonly ipv6Src: string;
  readonly ipv6Dst: string;
  /** As they were given; a number for bits without a name. */
  readonly flags: readonly (FlowDissectorFlag | number)[];
  readonly flowLabel: number;
}

export const flowKeys: StructCodec<FlowKeys> = struct('struct bpf_flow_keys', 56, {
  nhoff: [0, u16],
  thoff: [2, u16],
  addrProto: [4, u16],
  isFrag: [6, bool],
  isFirstFrag: [7, bool],
  isEncap: [8, bool],
  ipProto: [9, u8],
  nProto: [10, u16be],
  sport: [12, u16be],
  dport: [14, u16be],
  ipv4Src: [16, ipv4],
  ipv4Dst: [20, ipv4],
  ipv6Src: [16, ipv6],
  ipv6Dst: [32, ipv6],
  flags: [48, flags('flags', u32, dissectorFlags)],
  flowLabel: [52, u32be],
});
