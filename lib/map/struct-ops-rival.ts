/** Which other struct_ops table is attached where one wants to be: the `info` of maps and links tells. */

import { littleEndian } from '../btf/byte-order.js';
import { Elf } from '../btf/index.js';
import type { Codec } from '../codec/codec.js';
import { kernelStructs } from '../kinds/kernel-structs.js';
import { mapKinds } from '../kinds/map-kinds.js';
import { linksOfMachine } from '../link/links.js';
import { type Circumstances, failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import { type MapHandle, native } from '../native/native.js';
import { mapInfoOf } from './map-info.js';

/** A table of struct_ops that was found. */
interface Table {
  readonly id: number;
  readonly name: string;
  /** The id of its interface's type in the kernel's BTF. */
  readonly type: number;
  /** Where it has no link. */
  readonly inUse: boolean;
  readonly value: Buffer;
}

/** Names the tables of this interface that are attached and have these texts in them; undefined where there is none. */
export function* rivalOf(map: MapHandle, texts: readonly string[]): Flow<Circumstances | undefined> {
  const own = tableOf(map);
  const linked = new Set<number>();
  for (const link of yield* linksOfMachine()) if (link.type === 'struct_ops') linked.add(link.mapId);
  const rivals: string[] = [];
  for (const { id, name, type, inUse, value } of yield* tablesOfMachine()) {
    if (id === own?.id || type !== own?.type || !(inUse || linked.has(id))) continue;
    if (texts.every(text => value.includes(`\0${text}\0`))) rivals.push(`${name} (map ${id})`);
  }
  if (rivals.length === 0) return undefined;
  return { reason: `struct_ops ${rivals.join(', ')} ${rivals.length === 1 ? 'sits' : 'sit'} there` };
}

/** The texts that an object's source put into a table, as the name of a congestion control. */
export function textsOf(bytes: Uint8Array, name: string, codec: Codec<unknown>): string[] {
  const elf = Elf.parse(bytes, name);
  const symbol = elf.symbols.find(each => each.name === name);
  const section = symbol && elf.sections[symbol.section];
  if (symbol === undefined || section === undefined) return [];
  const [view, at] = [new DataView(bytes.buffer, bytes.byteOffset), section.offset + Number(symbol.value)];
  const table = codec.read(view, at, at + codec.size) as object;
  return Object.values(table).filter(value => typeof value === 'string' && value !== '');
}

function* tablesOfMachine(): Flow<Table[]> {
  const tables: Table[] = [];
  for (let id = native().mapNextId(0); id > 0; id = native().mapNextId(id)) {
    const [handle] = yield* job('mapOpenById', id, 0);
    if (failed(handle)) continue;
    const table = native().mapType(handle) === mapKinds.struct_ops.type ? tableOf(handle) : undefined;
    if (table !== undefined) tables.push(table);
    yield* job('mapClose', handle);
  }
  return tables;
}

/** `struct bpf_struct_ops_common_value` has the state behind a counter. */
function tableOf(handle: MapHandle): Table | undefined {
  const [info, value] = [native().mapInfo(handle), Buffer.alloc(Number(native().mapValueSize(handle)))];
  if (failed(info) || native().mapLookupElem(handle, new Uint8Array(4), value, 0) < 0) return undefined;
  const type = new DataView(info.buffer, info.byteOffset).getUint32(
    kernelStructs.bpf_map_info.btf_vmlinux_value_type_id,
    littleEndian,
  );
  const { id, name } = mapInfoOf(info, () => 0);
  const state = new DataView(value.buffer, value.byteOffset).getUint32(
    kernelStructs.bpf_struct_ops_common_value.state,
    littleEndian,
  );
  return { id, name, type, inUse: state === BPF_STRUCT_OPS_STATE_INUSE, value };
}

const BPF_STRUCT_OPS_STATE_INUSE = 1;
