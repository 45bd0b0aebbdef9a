/** The words of an instruction's text: registers, numbers, places in memory, distances. */

/** `r3` and `w3`; the number is in the group. */
export const registerText = '[rw](\\d+)';
/** Decimal or hexadecimal. */
export const numberText = '-?(?:0x[\\da-f]+|\\d+)';
/** A C type and an address: `(u32 *)(r1 +4)`. */
export const memoryText = `\\(([us](?:8|16|32|64)) \\*\\) ?\\(r(\\d+) ?([+-]) ?(0x[\\da-f]+|\\d+)\\)`;
/** `pc+5`, `+5` or a label. */
export const targetText = '(?:pc)?([+-]\\d+)|([A-Za-z_.$][\\w.$]*)';

/** Something that does not fit; the assembler says where. */
export class Misfit extends Error {}

/** The register of a number from the text. */
export function registerOf(text = ''): number {
  const number = Number(text);
  if (number <= 10) return number;
  throw new Misfit(`there are registers r0 to r10, and no r${text}`);
}

/** A constant of 32 bits; one without a sign may use all of them. */
export function constantOf(text = ''): number {
  const value = bigOf(text);
  if (value >= -0x8000_0000n && value <= 0xffff_ffffn) return Number(BigInt.asIntN(32, value));
  throw new Misfit(`${text} does not fit into 32 bits`);
}

/** A distance of 32 bits, with its sign: `+5`. */
export function distanceOf(text: string): number {
  const distance = Number(text);
  if (distance >= -0x8000_0000 && distance <= 0x7fff_ffff) return distance;
  throw new Misfit(`a distance of ${distance} does not fit into 32 bits`);
}

/** A number of 16 bits without sign. */
export function halfOf(text = ''): number {
  const half = Number(text);
  if (half <= 0xffff) return half;
  throw new Misfit(`${text} does not fit into 16 bits`);
}

/** Any whole number. */
export function bigOf(text: string): bigint {
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

/** An offset of 16 bits, with its sign apart or not. */
export function offsetOf(sign = '', text = ''): number {
  const offset = Number(`${sign}${Number(text)}`);
  if (offset >= -0x8000 && offset <= 0x7fff) return offset;
  throw new Misfit(`an offset of ${offset} does not fit into 16 bits`);
}
