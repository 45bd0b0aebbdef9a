/** Machine code as text: bytes between the source lines that they are of. */
import type { MachineFunction } from '../inspect/index.js';

/** A function's name and address, and its code. */
export function machineListing({ name, address, code, lines }: MachineFunction): string {
  const text = inBytes(code, lines).flatMap(({ offset, bytes }) => [
    ...lines
      .filter(({ offset: at, source }) => at === offset && source.text !== '')
      .map(({ source }) => `; ${source.text} (${source.file}:${source.line})`),
    `${offset.toString(16).padStart(6)}: ${bytes}`,
  ]);
  return [`${name}: 0x${address.toString(16)}`, ...text, ''].join('\n');
}

/** Up to 16 bytes in a line, which ends where a source line begins. */
function inBytes(code: Uint8Array, lines: MachineFunction['lines']) {
  const starts = new Set([0, ...lines.map(({ offset }) => offset)]);
  const found: { offset: number; bytes: string }[] = [];
  for (const [at, byte] of code.entries()) {
    const last = found.at(-1);
    const hex = byte.toString(16).padStart(2, '0');
    if (last === undefined || starts.has(at) || at - last.offset >= 16)
      found.push({ offset: at, bytes: hex });
    else last.bytes += ` ${hex}`;
  }
  return found;
}
