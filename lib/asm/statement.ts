/** One line of assembly: as print_bpf_insn() in kernel/bpf/disasm.c prints it, and clang where that differs. */
import * as opcode from './opcode.js';
import {
  constantOf,
  distanceOf,
  halfOf,
  Misfit,
  memoryText,
  numberText,
  registerOf,
  registerText,
  targetText,
} from './operand.js';
import {
  arithmetic,
  call,
  condition,
  constant,
  exchange,
  type Groups,
  jumpTo,
  placeOf,
  type Statement,
  sizes,
  store,
  widthOf,
} from './statement-parts.js';

type Form = readonly [pattern: RegExp, read: (groups: Groups, line: string) => Statement];

const { classes, alu, jump, modes, register } = opcode;
const operand = `(?:${registerText}|(${numberText}))`;
const swaps: Readonly<Record<string, number>> = {
  le: classes.alu | alu.end,
  be: classes.alu | alu.end | register,
  bswap: classes.alu64 | alu.end,
};

/** In this order: the first that matches is meant. */
const forms: readonly Form[] = [
  form('exit', () => ({ code: classes.jmp | jump.exit })),
  form('nospec', () => ({ code: classes.st | modes.nospec })),
  form(`goto (?:${targetText})`, ([off, label]) => jumpTo(classes.jmp | jump.always, off, label)),
  form(`gotol (?:${targetText})`, ([distance = '0', label]) => ({
    code: classes.jmp32 | jump.always,
    imm: distanceOf(distance),
    label,
  })),
  form(`gotox ${registerText}`, ([dst]) => ({ code: classes.jmp | register, dst: registerOf(dst) })),
  form(`may_goto (?:${targetText})`, ([off, label]) => jumpTo(classes.jmp | jump.maybe, off, label)),
  form(`if ${registerText} (\\S+) ${operand} goto (?:${targetText})`, condition),
  form(`call (.+)`, call),
  form(`(lock )?\\*${memoryText} (\\S+) ${operand}`, store),
  form(`${registerText} = atomic(?:64)?_(\\w+) ?\\(${memoryText}, (?:r0, )?${registerText}\\)`, exchange),
  form(`${registerText} = load_acquire\\(${memoryText}\\)`, ([dst, ...place]) => {
    const { width, base, off } = placeOf(place);
    return { code: classes.stx | modes.atomic | width, dst: registerOf(dst), src: base, off, imm: 0x100 };
  }),
  form(`store_release\\(${memoryText}, ${registerText}\\)`, ([type, reg, sign, off, src]) => {
    const place = placeOf([type, reg, sign, off]);
    const code = classes.stx | modes.atomic | place.width;
    return { code, dst: place.base, src: registerOf(src), off: place.off, imm: 0x110 };
  }),
  form(`${registerText} = \\*${memoryText}`, ([dst, ...place]) => {
    const { width, base, off, signed } = placeOf(place);
    const mode = signed ? modes.memsx : modes.mem;
    return { code: classes.ldx | mode | width, dst: registerOf(dst), src: base, off };
  }),
  form(`r0 = \\*\\((u8|u16|u32) \\*\\)skb\\[(?:r(\\d+) \\+ )?(${numberText})\\]`, ([type = '', src, imm]) => {
    const mode = src === undefined ? modes.abs : modes.ind;
    return {
      code: classes.ld | mode | (sizes[type] ?? 0),
      src: registerOf(src ?? '0'),
      imm: constantOf(imm),
    };
  }),
  form(`r(\\d+) = (be|le|bswap)(16|32|64) r(\\d+)`, ([dst, swap = '', bits, src]) => {
    if (dst !== src) throw new Misfit('bytes are swapped within one register');
    return { code: swaps[swap] ?? 0, dst: registerOf(dst), imm: Number(bits) };
  }),
  form(`${registerText} = -${registerText}`, ([dst, src], line) => {
    if (dst !== src) throw new Misfit('a register is negated in place');
    return { code: widthOf(line) | alu.neg, dst: registerOf(dst) };
  }),
  form(`${registerText} = \\(s(8|16|32)\\) ?${registerText}`, ([dst, bits, src], line) => {
    const code = widthOf(line) | alu.mov | register;
    return { code, dst: registerOf(dst), src: registerOf(src), off: Number(bits) };
  }),
  form(`r(\\d+) = addr_space_cast\\(r(\\d+), (\\d+), (\\d+)\\)`, ([dst, src, to, from]) => {
    const imm = (halfOf(to) << 16) | halfOf(from);
    return {
      code: classes.alu64 | alu.mov | register,
      dst: registerOf(dst),
      src: registerOf(src),
      off: 1,
      imm,
    };
  }),
  form(`r(\\d+) = &\\(void __percpu \\*\\)\\(r(\\d+)\\)`, ([dst, src]) => {
    return { code: classes.alu64 | alu.mov | register, dst: registerOf(dst), src: registerOf(src), off: -1 };
  }),
  pointer('map\\[fd:(\\d+)\\]', 1),
  pointer('map\\[fd:(\\d+)\\]\\[0\\]\\+(\\d+)', 2),
  pointer('btf\\[id:(\\d+)\\](?:\\+(\\d+))?', 3),
  pointer('map\\[idx:(\\d+)\\]', 5),
  pointer('map\\[idx:(\\d+)\\]\\+(\\d+)', 6),
  form(`r(\\d+) = subprog\\[(?:${targetText})\\]`, ([dst, distance = '0', label]) => {
    const imm = distanceOf(distance);
    return { code: opcode.wide, dst: registerOf(dst), src: 4, imm, next: 0, label };
  }),
  form(`r(\\d+) = (${numberText})( ll)?`, constant),
  form(`${registerText} (\\S+) ${operand}`, arithmetic),
];

/**
 * Reads a line without label and comment.
 *
 * @throws Misfit that says what is wrong
 */
export function statementOf(line: string): Statement {
  for (const [pattern, read] of forms) {
    const found = pattern.exec(line);
    if (found !== null) return read(found.slice(1), line);
  }
  throw new Misfit('no instruction is written like this');
}

function form(pattern: string, read: Form[1]): Form {
  return [new RegExp(`^${pattern}$`), read];
}

/** A constant that stands for a map, a function or a type (`BPF_PSEUDO_…` in include/uapi/linux/bpf.h). */
function pointer(pattern: string, src: number): Form {
  return form(`r(\\d+) = ${pattern}`, ([dst, imm, next = '0']) => {
    return { code: opcode.wide, dst: registerOf(dst), src, imm: constantOf(imm), next: constantOf(next) };
  });
}
