/** Insn arrays: the places that a program jumps to by number. */
import { type StructCodec, struct, u32 } from '../codec/index.js';
import type { MapKindName } from '../kinds/map-kinds.js';
import { IndexedMap } from './indexed.js';

/** Where an instruction of a program went: `struct bpf_insn_array_value`. */
export interface InstructionOffsets {
  /** In the program as it was loaded, in instructions. */
  readonly originalOffset: number;
  /**
   * After the verifier's rewriting, in instructions; all ones (`INSN_DELETED` in kernel/bpf/bpf_insn_array.c) where it was
   * removed.
   */
  readonly xlatedOffset: number;
  /** In the machine code, in bytes. */
  readonly jitedOffset: number;
}

/** Of insn arrays. */
export const instructionOffsets: StructCodec<InstructionOffsets> = struct('struct bpf_insn_array_value', 16, {
  originalOffset: [0, u32],
  xlatedOffset: [4, u32],
  jitedOffset: [8, u32],
});

/**
 * A jump table for one program: it is filled and frozen before that is loaded, and tells where the instructions went
 * afterwards (bpf_insn_array_init() in kernel/bpf/bpf_insn_array.c). Those of clang 22's jump tables are made by
 * libbpf (create_jt_map() in libbpf.c).
 *
 * @since Linux 6.19
 * @example
 * ```ts
 * using places = await createMap(map('insn_array'), { maxEntries: 2 });
 * places.place(0, 8).place(1, 10).freeze();
 * const choose = asm`
 *   r2 = *(u32 *)(r1 +0)
 *   r2 &= 1
 *   r2 <<= 3
 *   r1 = ${places}[0]+0
 *   r1 += r2
 *   r1 = *(u64 *)(r1 +0)
 *   gotox r1
 *   r0 = 0; exit
 *   r0 = -1; exit`;
 * ```
 */
export class InsnArray<Kind extends MapKindName = 'insn_array'> extends IndexedMap<
  number,
  InstructionOffsets,
  Kind
> {
  /** Has an index stand for an instruction of the program that will be loaded, counted in eight bytes. */
  place(index: number, instruction: number): this {
    return this.set(index, { originalOffset: instruction, xlatedOffset: 0, jitedOffset: 0 });
  }
}
