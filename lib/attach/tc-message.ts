/** What rtnetlink tells of traffic control: messages about disciplines, classes and filters, with their attributes. */
import { littleEndian } from '../btf/byte-order.js';

/** One of them. */
export interface TcMessage {
  /** Of the interface. */
  readonly index: number;
  /** Its number: `0x1000a` is 1:a. */
  readonly handle: number;
  readonly parent: number;
  /** As `htb`, `clsact`, `bpf`. */
  readonly kind: string;
  /** Of a filter: priority and protocol. */
  readonly info: number;
  /** What only its kind understands. */
  readonly options: Attributes;
}

/** By their numbers. */
type Attributes = ReadonlyMap<number, Uint8Array>;

/** A filter that is a BPF program. */
interface BpfFilter {
  readonly programId: number;
  readonly directAction: boolean;
  readonly priority: number;
  readonly handle: number;
}

/** `struct nlmsghdr` and `struct tcmsg`. */
const headerSize = 16;
const messageSize = 20;

/** `TCA_KIND`, `TCA_OPTIONS`; of a filter's options `TCA_BPF_FLAGS`, `TCA_BPF_ID`. */
const [kindOf, optionsOf, flagsOf, idOf] = [1, 2, 8, 11];

/** The messages of a dump, one behind the other (netlink(7)). */
export function* tcMessages(bytes: Uint8Array): Generator<TcMessage, void, undefined> {
  for (let rest = bytes; rest.length >= headerSize + messageSize; ) {
    const size = Math.max(u32(rest, 0), headerSize);
    yield read(rest.subarray(headerSize, size));
    rest = rest.subarray(aligned(size));
  }
}

function read(message: Uint8Array): TcMessage {
  const attributes = attributesIn(message.subarray(messageSize));
  return {
    index: u32(message, 4),
    handle: u32(message, 8),
    parent: u32(message, 12),
    info: u32(message, 16),
    kind: Buffer.from(attributes.get(kindOf) ?? [])
      .toString('latin1')
      .replace(/\0.*$/s, ''),
    options: attributesIn(attributes.get(optionsOf) ?? new Uint8Array()),
  };
}

/** `TCA_BPF_FLAG_ACT_DIRECT`. */
const actDirect = 1;

/** Filters that are BPF programs; those of classic BPF have no number. */
export function bpfFilters(bytes: Uint8Array): BpfFilter[] {
  return Array.from(tcMessages(bytes)).flatMap(({ kind, handle, info, options }) => {
    const id = options.get(idOf);
    if (kind !== 'bpf' || id === undefined) return [];
    const flags = options.get(flagsOf);
    const directAction = flags !== undefined && (u32(flags, 0) & actDirect) !== 0;
    return [{ programId: u32(id, 0), directAction, priority: info >>> 16, handle }];
  });
}

/** Each is a 16-bit length that counts the header, a 16-bit number, and its value. */
function attributesIn(bytes: Uint8Array): Attributes {
  const found = new Map<number, Uint8Array>();
  for (let rest = bytes; rest.length >= 4; ) {
    const view = new DataView(rest.buffer, rest.byteOffset, 4);
    const size = Math.max(view.getUint16(0, littleEndian), 4);
    // The highest two bits say how the value is written.
    found.set(view.getUint16(2, littleEndian) & 0x3fff, rest.subarray(4, size));
    rest = rest.subarray(aligned(size));
  }
  return found;
}

function u32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(offset, littleEndian);
}

function aligned(size: number): number {
  return (size + 3) & ~3;
}
