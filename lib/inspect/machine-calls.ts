/** Calls in machine code: of each processor, the one instruction that calls a place that it has the distance of. */

/** What may be one: on processors whose instructions differ in length, other bytes can look like it. */
interface PossibleCall {
  readonly offset: number;
  /** Bytes of the instruction. */
  readonly size: number;
  readonly target: bigint;
}

/** None of processors that we do not know. @param address - of the first byte */
export function callsIn(code: Uint8Array, address: bigint): PossibleCall[] {
  const view = new DataView(code.buffer, code.byteOffset, code.length);
  return readers[process.arch]?.(view, address) ?? [];
}

type Reader = (code: DataView, address: bigint) => PossibleCall[];

const readers: Readonly<Record<string, Reader>> = {
  /** `e8`, and a signed distance from the next instruction. */
  x64: (code, address) => {
    const calls: PossibleCall[] = [];
    for (let offset = 0; offset + 5 <= code.byteLength; offset++)
      if (code.getUint8(offset) === 0xe8)
        calls.push(callTo(offset, 5, address + BigInt(offset + 5 + code.getInt32(offset + 1, true))));
    return calls;
  },
  /** `bl`: six bits, and a signed distance in instructions. */
  arm64: (code, address) => {
    const calls: PossibleCall[] = [];
    for (let offset = 0; offset + 4 <= code.byteLength; offset += 4) {
      const word = code.getUint32(offset, true);
      if (word >>> 26 === 0b100101)
        calls.push(callTo(offset, 4, address + BigInt(offset + ((word << 6) >> 4))));
    }
    return calls;
  },
};

function callTo(offset: number, size: number, target: bigint): PossibleCall {
  return { offset, size, target: BigInt.asUintN(64, target) };
}
