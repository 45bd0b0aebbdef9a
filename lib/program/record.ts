/** `struct bpf_prog_info`: where its fields are, and the lists that it points to. */
import { littleEndian } from '../btf/byte-order.js';
import { kernelStructs } from '../kinds/kernel-structs.js';
import { errnoError, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { KernelRecord } from '../native/kernel-record.js';

/** A list: where the struct has its place, how many there are, and how large one is or where that stands. */
interface List {
  readonly where: number;
  readonly count: number;
  readonly size: number | { readonly at: number };
}

const { bpf_prog_info: at } = kernelStructs;

/** In the order of native/inspect/program_info.cc: a bit for each asks the kernel for it. */
const lists = {
  mapIds: { where: at.map_ids, count: at.nr_map_ids, size: 4 },
  functions: { where: at.func_info, count: at.nr_func_info, size: { at: at.func_info_rec_size } },
  instructions: { where: at.xlated_prog_insns, count: at.xlated_prog_len, size: 1 },
  lines: { where: at.line_info, count: at.nr_line_info, size: { at: at.line_info_rec_size } },
  symbols: { where: at.jited_ksyms, count: at.nr_jited_ksyms, size: 8 },
  functionLengths: { where: at.jited_func_lens, count: at.nr_jited_func_lens, size: 4 },
  machineCode: { where: at.jited_prog_insns, count: at.jited_prog_len, size: 1 },
  machineLines: {
    where: at.jited_line_info,
    count: at.nr_jited_line_info,
    size: { at: at.jited_line_info_rec_size },
  },
} as const satisfies Readonly<Record<string, List>>;

/** The name of a list. */
type ListName = keyof typeof lists;

/** Bits for lists, for the native call. */
export function partsOf(...wanted: readonly ListName[]): number {
  const names = Object.keys(lists);
  return wanted.reduce((bits, name) => bits | (1 << names.indexOf(name)), 0);
}

/** A program's record with some of its lists. @throws BpfError with the errno's name */
export function* recordOf(fd: number, operation: string, wanted: readonly ListName[]): Flow<KernelRecord> {
  const [result] = yield* job('programInfo', fd, partsOf(...wanted));
  if (failed(result)) throw errnoError(result, operation);
  return new KernelRecord(result);
}

/**
 * The items of a list, as bytes of the record; undefined where they are hidden from this process (bpf_dump_raw_ok()
 * in include/linux/filter.h).
 */
export function listIn(record: KernelRecord, name: ListName): Uint8Array[] | undefined {
  const { where, count, size }: List = lists[name];
  const [start, length] = [Number(record.u64(where)), typeof size === 'number' ? size : record.u32(size.at)];
  if (start === 0) return record.u32(count) === 0 ? [] : undefined;
  return Array.from({ length: record.u32(count) }, (_, at) =>
    record.bytes.subarray(start + at * length, start + (at + 1) * length),
  );
}

/** A list of single bytes, as one. */
export function bytesIn(record: KernelRecord, name: ListName): Uint8Array | undefined {
  const { where, count }: List = lists[name];
  const [start, length] = [Number(record.u64(where)), record.u32(count)];
  if (start === 0) return length === 0 ? new Uint8Array(0) : undefined;
  return record.bytes.subarray(start, start + length);
}

/** Numbers of 32 bits. */
export function wordsIn(record: KernelRecord, name: ListName): number[] {
  return (listIn(record, name) ?? []).map(bytes => viewOf(bytes).getUint32(0, littleEndian));
}

/** Numbers of 64 bits. */
export function addressesIn(record: KernelRecord, name: ListName): bigint[] {
  return (listIn(record, name) ?? []).map(bytes => viewOf(bytes).getBigUint64(0, littleEndian));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
