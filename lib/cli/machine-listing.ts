/** Machine code as text: bytes between the source lines that they are of, and what they call. */
import type { MachineFunction } from '../doors/inspect.js';

/** A function's name and address, and its code. */
export function machineListing(machine: MachineFunction): string {
  const { name, address, lines, calls } = machine;
  const text = inBytes(machine).flatMap(({ offset, bytes }) => [
    ...lines
      .filter(({ offset: at, source }) => at === offset && source.text !== '')
      .map(({ source }) => `; ${source.text} (${source.file}:${source.line})`),
    `${offset.toString(16).padStart(6)}: ${bytes}${calleeAt(calls, offset)}`,
  ]);
  return [`${name}: 0x${address.toString(16)}`, ...text, ''].join('\n');
}

function calleeAt(calls: MachineFunction['calls'], offset: number): string {
  const callee = calls.find(call => call.offset === offset);
  return callee === undefined ? '' : `  ; calls ${callee.name}`;
}

/** Up to 16 bytes in a line, which ends where a source line begins; a call has one of its own. */
function inBytes({ code, lines, calls }: MachineFunction) {
  const ends = calls.flatMap(({ offset, size }) => [offset, offset + size]);
  const starts = new Set([0, ...lines.map(({ offset }) => offset), ...ends]);
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
