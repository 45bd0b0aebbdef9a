/** A struct with the offset and size of each member, and its holes, as pahole shows it. */
import type { CType } from '../c-type.js';
import { malformedBtf } from '../malformed.js';
import { Declarator } from './declarator.js';

/** Anonymous structs nest less deep than this in any code. */
const deepest = 16;
/** More than any real struct has. */
const mostRows = 20_000;

/** One line of the table: text, first bit, bits in all. */
interface Row {
  readonly text: string;
  readonly bit?: number;
  readonly size?: number;
  readonly bits?: number;
}

/** The text of a struct or union with its layout. */
export function layoutText(type: CType): string {
  const rows = rowsOf(type.resolved, 0, '\t', { rows: 0 });
  const column = Math.min(
    rows.reduce((most, { text }) => Math.max(most, text.length), 0),
    60,
  );
  const lines = rows.map(row =>
    row.bit === undefined ? row.text : `${row.text.padEnd(column)}  ${comment(row)}`,
  );
  const { size, members, kind, name } = type.resolved;
  const holes = rows.filter(({ text }) => text.includes('hole of'));
  const summary = `\t/* size: ${size}, members: ${members.length}, holes: ${holes.length} */`;
  return `${`${kind} ${name}`.trimEnd()} {\n${[...lines, '', summary].join('\n')}\n};`;
}

function comment({ bit = 0, size = 0, bits = 0 }: Row): string {
  const offset = `${Math.floor(bit / 8)}${bits ? `:${bit % 8}` : ''}`;
  return `/* ${offset.padStart(6)} ${`${bits ? `${bits} bits` : size}`.padStart(7)} */`;
}

/** @param drawn - rows so far: nesting multiplies those of a hostile struct */
function rowsOf(type: CType, base: number, indent: string, drawn: { rows: number }): Row[] {
  drawn.rows += type.members.length + 1;
  if (indent.length > deepest || drawn.rows > mostRows) throw tooDeep(type);
  const declarator = new Declarator(type.btf);
  const isStruct = type.kind === 'struct';
  const rows: Row[] = [];
  let end = 0;
  for (const { name, type: of, bitOffset, bits } of type.members) {
    if (isStruct && bitOffset > end) rows.push(hole(indent, bitOffset - end));
    const { size } = of;
    const anonymous = name === '' && of.members.length > 0;
    const text = anonymous ? of.resolved.kind : declarator.declare(of.id, name, indent);
    if (
      anonymous ||
      (of.name === '' && of.resolved.name === '' && of.members.length > 0 && of.kind === of.resolved.kind)
    ) {
      const close = name === '' ? '};' : `} ${name};`;
      rows.push(
        { text: `${indent}${of.resolved.kind} {` },
        ...rowsOf(of.resolved, base + bitOffset, `${indent}\t`, drawn),
      );
      rows.push({ text: `${indent}${close}`, bit: base + bitOffset, size });
    } else
      rows.push({ text: `${indent}${text}${bits ? ` : ${bits}` : ''};`, bit: base + bitOffset, size, bits });
    end = Math.max(end, bitOffset + (bits || size * 8));
  }
  const rest = type.size * 8 - end;
  if (isStruct && rest > 0) rows.push(hole(indent, rest));
  return rows;
}

function tooDeep({ btf, id }: CType): Error {
  return malformedBtf(btf.subject, `BTF type ${id} contains itself, or has more than ${mostRows} members`);
}

function hole(indent: string, bits: number): Row {
  const size = bits % 8 === 0 ? `${bits / 8} bytes` : `${bits} bits`;
  return { text: `${indent}/* hole of ${size} */` };
}
