/** What programs get beside their data, and answer in it: the kernel's structs, by the members that test runs use. */
import {
  array,
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
  readonly ingress_ifindex: number;
  /** Of that interface. */
  readonly rx_queue_index: number;
}

/** `struct xdp_md`, as the kernel has it. */
export interface XdpMd extends XdpContext {
  readonly data: number;
  readonly data_end: number;
}

/** The numbers count from the start of the metadata here, and not from an address. */
export const xdpMd: StructCodec<XdpMd> = struct('struct xdp_md', 24, {
  data: [0, u32],
  data_end: [4, u32],
  ingress_ifindex: [12, u32],
  rx_queue_index: [16, u32],
});

/** Of `struct __sk_buff`: what may be set, and is told afterwards. */
export interface SkbContext {
  readonly mark: number;
  readonly priority: number;
  /** The interface that it came in by. */
  readonly ingress_ifindex: number;
  /** The interface that it is at; 0 stands for the loopback interface, which is then told. */
  readonly ifindex: number;
  /** Five numbers that programs of a classifier hand on. */
  readonly cb: readonly number[];
  /** Nanoseconds. */
  readonly tstamp: bigint;
  /** Bytes on the wire; 0 stands for the packet's own length. */
  readonly wire_len: number;
  readonly gso_segs: number;
  readonly gso_size: number;
  /** Nanoseconds. @since Linux 5.16 */
  readonly hwtstamp: bigint;
}

export const skb: StructCodec<SkbContext> = struct('struct __sk_buff', 192, {
  mark: [8, u32],
  priority: [32, u32],
  ingress_ifindex: [36, u32],
  ifindex: [40, u32],
  cb: [48, array(u32, 5)],
  tstamp: [152, u64],
  wire_len: [160, u32],
  gso_segs: [164, u32],
  gso_size: [176, u32],
  hwtstamp: [184, u64],
});

/** Of `struct bpf_sk_lookup`: the packet that a socket is looked up for. */
export interface SkLookupContext {
  /** `AF_INET` is 2, `AF_INET6` is 10. */
  readonly family: number;
  /** `IPPROTO_TCP` is 6, `IPPROTO_UDP` is 17. */
  readonly protocol: number;
  readonly remote_ip4: string;
  readonly remote_ip6: string;
  readonly remote_port: number;
  readonly local_ip4: string;
  readonly local_ip6: string;
  readonly local_port: number;
  /** @since Linux 5.17 */
  readonly ingress_ifindex: number;
}

/** `struct bpf_sk_lookup`, with the cookie of the socket that was chosen. */
export const skLookup: StructCodec<SkLookupContext & { readonly cookie: bigint }> = struct(
  'struct bpf_sk_lookup',
  72,
  {
    cookie: [0, u64],
    family: [8, u32],
    protocol: [12, u32],
    remote_ip4: [16, ipv4],
    remote_ip6: [20, ipv6],
    remote_port: [36, u16be],
    local_ip4: [40, ipv4],
    local_ip6: [44, ipv6],
    local_port: [60, u32],
    ingress_ifindex: [64, u32],
  },
);

/** `struct bpf_flow_keys`: what a flow dissector found. */
export interface FlowKeys {
  /** Offset of the network header. */
  readonly nhoff: number;
  /** Offset of the transport header. */
  readonly thoff: number;
  /** `ETH_P_IP` or `ETH_P_IPV6` where there are addresses: it says which. */
  readonly addr_proto: number;
  readonly is_frag: number;
  readonly is_first_frag: number;
  readonly is_encap: number;
  readonly ip_proto: number;
  readonly n_proto: number;
  readonly sport: number;
  readonly dport: number;
  readonly ipv4_src: string;
  readonly ipv4_dst: string;
  readonly ipv6_src: string;
  readonly ipv6_dst: string;
  /** `BPF_FLOW_DISSECTOR_F_*`, as they were given. */
  readonly flags: number;
  readonly flow_label: number;
}

export const flowKeys: StructCodec<FlowKeys> = struct('struct bpf_flow_keys', 56, {
  nhoff: [0, u16],
  thoff: [2, u16],
  addr_proto: [4, u16],
  is_frag: [6, u8],
  is_first_frag: [7, u8],
  is_encap: [8, u8],
  ip_proto: [9, u8],
  n_proto: [10, u16be],
  sport: [12, u16be],
  dport: [14, u16be],
  ipv4_src: [16, ipv4],
  ipv4_dst: [20, ipv4],
  ipv6_src: [16, ipv6],
  ipv6_dst: [32, ipv6],
  flags: [48, u32],
  flow_label: [52, u32be],
});
