/**
 * Whole names of programs: the kernel keeps 15 characters (`BPF_OBJ_NAME_LEN` in include/uapi/linux/bpf.h), their
 * types have the functions' names.
 */

import { littleEndian } from '../btf/byte-order.js';
import { Btf } from '../btf/index.js';
import { kernelStructs } from '../kinds/kernel-structs.js';
import { failed } from '../native/errno.js';
import { type Flow, job } from '../native/flow.js';
import type { KernelRecord } from '../native/kernel-record.js';
import { listIn } from './record.js';

const nameSize = 16;

/** Names of functions in the types that programs brought; programs of one object stand together, with the same. */
export class FunctionNames {
  #last: { readonly id: number; readonly btf: Btf | undefined } | undefined;

  /** The name of a program: its function's where that is longer. */
  *of(record: KernelRecord): Flow<string> {
    const name = record.name(kernelStructs.bpf_prog_info.name, nameSize);
    const [main] = listIn(record, 'functions') ?? [];
    if (name.length < nameSize - 1 || main === undefined) return name;
    return functionName(yield* this.types(record.u32(kernelStructs.bpf_prog_info.btf_id)), main) ?? name;
  }

  /** Types of a program; undefined where it has none, or where they are gone or malformed. */
  *types(id: number): Flow<Btf | undefined> {
    if (this.#last?.id !== id) this.#last = { id, btf: id === 0 ? undefined : yield* typesOf(id) };
    return this.#last.btf;
  }
}

function* typesOf(id: number): Flow<Btf | undefined> {
  const [bytes] = yield* job('btfById', id);
  if (failed(bytes)) return undefined;
  try {
    return Btf.parse(bytes, `types ${id}`);
  } catch {
    return undefined;
  }
}

/** Of a `struct bpf_func_info`: an instruction's number, then the function's type. */
export function functionName(btf: Btf | undefined, info: Uint8Array): string | undefined {
  const id = new DataView(info.buffer, info.byteOffset, info.length).getUint32(
    kernelStructs.bpf_func_info.type_id,
    littleEndian,
  );
  if (btf === undefined || id >= btf.count || btf.kind(id) !== 'func') return undefined;
  return btf.name(id);
}
