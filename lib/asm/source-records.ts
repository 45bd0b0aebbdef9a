/** `.BTF` and `.BTF.ext` of assembled programs: which function and source line each instruction is of. */
import { BtfWriter } from '../btf/btf-writer.js';
import type { InsnLine } from './assembled-object.js';

/** A function and where its section has it, in bytes. */
export interface DescribedFunction {
  readonly name: string;
  readonly offset: number;
  /** Callbacks have to be, by check_ld_imm() in kernel/bpf/verifier.c. */
  readonly isStatic: boolean;
  readonly lines: readonly (InsnLine & { readonly offset: number })[];
}

/** A section with its functions. */
interface DescribedSection {
  readonly name: string;
  readonly functions: readonly DescribedFunction[];
}

const int = { name: 'int', kind: 1, third: 4, body: [(1 << 24) | 32] };
/** Of no parameters: the kernel compares nothing with them. */
const prototype = { name: '', kind: 13, third: 1 };
const prototypeId = 2;
const firstFunction = 3;
const functionKind = 12;

const magic = 0xeb9f;
const headerSize = 24;
/** Bytes of `struct bpf_func_info` and `struct bpf_line_info` (include/uapi/linux/bpf.h). */
const sizes = { function: 8, line: 16 } as const;

/** The bytes of both sections; sections without functions are left out. */
export function sourceRecords(sections: readonly DescribedSection[], littleEndian: boolean) {
  const used = sections.filter(({ functions }) => functions.length > 0);
  const btf = new BtfWriter(littleEndian);
  btf.add(int);
  btf.add(prototype);
  const functions = used.flatMap(section => section.functions);
  for (const { name, isStatic } of functions)
    btf.add({ name, kind: functionKind, length: isStatic ? 0 : 1, third: prototypeId });
  const functionWords = [sizes.function, ...used.flatMap(each => functionInfo(each, btf, functions))];
  const lined = used.filter(each => each.functions.some(({ lines }) => lines.length > 0));
  // libbpf takes no part without records (btf_ext_parse_sec_info() in btf.c).
  const lineWords = lined.length === 0 ? [] : [sizes.line, ...lined.flatMap(each => lineInfo(each, btf))];
  return { btf: btf.bytes(), ext: extBytes(functionWords, lineWords, littleEndian) };
}

function functionInfo(
  { name, functions }: DescribedSection,
  btf: BtfWriter,
  all: readonly DescribedFunction[],
): number[] {
  const records = functions.flatMap(each => [each.offset, firstFunction + all.indexOf(each)]);
  return [btf.text(name), functions.length, ...records];
}

/** The column is below the line in one word (`BPF_LINE_INFO_LINE_COL()` in include/uapi/linux/bpf.h). */
function lineInfo({ name, functions }: DescribedSection, btf: BtfWriter): number[] {
  const lines = functions.flatMap(each => each.lines);
  const records = lines.flatMap(({ offset, file, text, line, column }) => {
    return [offset, btf.text(file), btf.text(text), ((line << 10) | Math.min(column, 0x3ff)) >>> 0];
  });
  return [btf.text(name), lines.length, ...records];
}

function extBytes(functions: readonly number[], lines: readonly number[], littleEndian: boolean): Uint8Array {
  const [functionSize, lineSize] = [functions.length * 4, lines.length * 4];
  const bytes = new Uint8Array(headerSize + functionSize + lineSize);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, magic, littleEndian);
  view.setUint8(2, 1);
  const header = [headerSize, 0, functionSize, functionSize, lineSize];
  for (const [at, word] of [...header, ...functions, ...lines].entries())
    view.setUint32(4 + at * 4, word, littleEndian);
  return bytes;
}
