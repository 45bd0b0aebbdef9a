/** What a program's own types tell of its instructions: functions and source lines. */

import { littleEndian } from '../btf/byte-order.js';
import type { Btf } from '../btf/index.js';
import type { KernelRecord } from '../native/kernel-record.js';
import { functionName } from '../program/function-names.js';
import { listIn } from '../program/record.js';
import type { SourceLine } from '../verifier/index.js';

/** A place in the C source, with its column. */
export interface SourcePlace extends SourceLine {
  /** From 1 on; 0 where clang names none. */
  readonly column: number;
}

/** A function of a program. */
export interface SourceFunction {
  readonly name: string;
  /** As C declares it. */
  readonly prototype: string;
}

/** Functions by the instruction that they begin with. */
export function functionsIn(record: KernelRecord, btf: Btf | undefined): ReadonlyMap<number, SourceFunction> {
  const found = new Map<number, SourceFunction>();
  for (const info of listIn(record, 'functions') ?? []) {
    const name = functionName(btf, info);
    if (btf !== undefined && name !== undefined)
      found.set(wordAt(info, 0), { name, prototype: btf.get(wordAt(info, 4)).toString() });
  }
  return found;
}

/** A line for each record, with the instruction that it begins with. */
export function linesIn(
  record: KernelRecord,
  btf: Btf | undefined,
): readonly (readonly [instruction: number, place: SourcePlace])[] {
  if (btf === undefined) return [];
  return (listIn(record, 'lines') ?? []).map(info => {
    const position = wordAt(info, 12);
    const [file, text] = [btf.text(wordAt(info, 4)), btf.text(wordAt(info, 8))];
    const place = { file, line: position >>> 10, column: position & 0x3ff, text: text.trim() };
    return [wordAt(info, 0), place] as const;
  });
}

function wordAt(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(offset, littleEndian);
}
