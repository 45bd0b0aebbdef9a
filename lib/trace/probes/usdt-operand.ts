/** Where an argument of a USDT probe is, in the assembler's words (asm/ in libbpf's usdt.bpf.h, and SystemTap's sys/sdt.h). */
import type { UsdtArgument } from '../../doors/btf.js';
import { registersOf } from './registers.js';

/** A constant, a register, or memory that registers point to; of `size` bytes. */
export type UsdtPlace = { readonly size: number; readonly signed: boolean } & (
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'register'; readonly at: number }
  | {
      readonly kind: 'memory';
      readonly base: number;
      readonly offset: number;
      readonly index?: number;
      readonly scale: number;
    }
);

/** Undefined for what is not understood: an error says so where it is used. */
export function usdtPlace({ size, signed, operand }: UsdtArgument, arch: string): UsdtPlace | undefined {
  const found = arch === 'arm64' ? arm64Place(operand) : x64Place(operand);
  return found && ({ ...found, size, signed } as UsdtPlace);
}

function x64Place(operand: string): object | undefined {
  const [, constant] = /^\$(-?(?:0x[\da-f]+|\d+))$/i.exec(operand) ?? [];
  if (constant !== undefined) return { kind: 'constant', value: signedNumber(constant) };
  if (operand.startsWith('%')) return registerPlace('x64', x64Name(operand.slice(1)));
  const [, offset = '0', base = '', index, scale = '1'] =
    /^(-?\w*)\(%(\w+)(?:,%(\w+)(?:,([1248]))?)?\)$/.exec(operand) ?? [];
  return memoryPlace('x64', x64Name(base), offset, index === undefined ? undefined : x64Name(index), scale);
}

/** `eax`, `ax`, `al` and `rax` are parts of one register, which the kernel calls `ax`. */
function x64Name(name: string): string {
  const [, number] = /^r(\d+)[dwb]?$/.exec(name) ?? [];
  if (number !== undefined) return `r${number}`;
  const [, letter] = /^([abcd])[lh]$/.exec(name) ?? [];
  return letter === undefined ? name.replace(/^[re](?=[a-z]{2}$)|l$/g, '') : `${letter}x`;
}

function arm64Place(operand: string): object | undefined {
  if (/^-?\d+$/.test(operand)) return { kind: 'constant', value: BigInt(operand) };
  const [, register = '', offset = '0', index] =
    /^\[(\w+)(?:,\s*(-?\d+)|,\s*([xw]\d+))?\]$/.exec(operand) ?? [];
  if (register === '') return registerPlace('arm64', arm64Name(operand));
  return memoryPlace('arm64', arm64Name(register), offset, index && arm64Name(index), '1');
}

const arm64Name = (name: string) => name.replace(/^[xw](?=\d)/, 'r');

function registerPlace(arch: string, name: string): object | undefined {
  const at = placeOf(arch, name);
  return at === undefined ? undefined : { kind: 'register', at };
}

function memoryPlace(
  arch: string,
  base: string,
  offset: string,
  index: string | undefined,
  scale: string,
): object | undefined {
  const at = placeOf(arch, base);
  const second = index === undefined ? undefined : placeOf(arch, index);
  if (
    at === undefined ||
    (index !== undefined && second === undefined) ||
    !/^-?(?:0x[\da-f]+|\d*)$/i.test(offset)
  )
    return undefined;
  return {
    kind: 'memory',
    base: at,
    offset: Number(signedNumber(offset === '' ? '0' : offset)),
    ...(second !== undefined && { index: second }),
    scale: Number(scale),
  };
}

function placeOf(arch: string, name: string): number | undefined {
  const names = registersOf(arch)?.names ?? {};
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

function signedNumber(text: string): bigint {
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}
