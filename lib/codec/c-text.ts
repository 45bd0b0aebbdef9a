/** Values as C writes them: `{ .pid = 7, .comm = "node" }`. */
import type { Shape, StructShape } from './shape.js';

/** Longer text than this stands on several lines. */
const width = 80;

/** The initializer of a value, over several lines where one is too long. */
export function cText(shape: Shape, value: unknown, indent = ''): string {
  switch (shape.kind) {
    case 'text':
    case 'address':
      return JSON.stringify(value);
    case 'bytes':
      return braces(
        Array.from(value as Uint8Array, byte => `0x${byte.toString(16).padStart(2, '0')}`),
        indent,
        true,
      );
    case 'array':
      return braces(
        (value as unknown[]).map(item => cText(shape.of, item, `${indent}  `)),
        indent,
      );
    case 'flags':
      return (value as unknown[]).join(' | ') || '0';
    case 'bits':
      return cText(shape.of, value, indent);
    case 'struct':
    case 'union':
      return braces(members(shape, value as Readonly<Record<string, unknown>>, `${indent}  `), indent);
    default:
      return isPointer(shape) ? `0x${(value as bigint).toString(16)}` : String(value);
  }
}

function members(shape: StructShape, value: Readonly<Record<string, unknown>>, indent: string): string[] {
  return shape.members.map(member => `.${member.name} = ${cText(member.shape, value[member.name], indent)}`);
}

function isPointer(shape: Shape): boolean {
  return shape.kind === 'scalar' && shape.scalar.startsWith('pointer');
}

/** @param fill - true where items are short and many may share a line */
function braces(items: readonly string[], indent: string, fill = false): string {
  const flat = items.length === 0 ? '{}' : `{ ${items.join(', ')} }`;
  if (flat.length + indent.length <= width && !flat.includes('\n')) return flat;
  const lines = fill ? filled(items) : items;
  return `{\n${lines.map(item => `${indent}  ${item},\n`).join('')}${indent}}`;
}

function filled(items: readonly string[]): string[] {
  const rows = Array.from({ length: Math.ceil(items.length / 12) }, (_, i) =>
    items.slice(i * 12, i * 12 + 12),
  );
  return rows.map(row => row.join(', '));
}
