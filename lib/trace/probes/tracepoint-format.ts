/** A tracepoint's `format` file: what its record holds (Documentation/trace/events.rst). */
import type { Btf } from '../../doors/btf.js';
import { namedType } from '../types/from-btf.js';
import { none, type Space, type Type } from '../types/type.js';
import type { Argument } from './plan.js';

const fieldLine = /field:(.+?);\s*offset:(\d+);\s*size:(\d+);\s*signed:(\d);/g;

/** Its fields but those that all tracepoints have, whose names begin with `common_`. */
export function tracepointFields(text: string, btf: Btf | undefined, space: Space): Argument[] {
  const found: Argument[] = [];
  for (const [, declaration = '', offset, size, signed] of text.matchAll(fieldLine)) {
    const [, type = '', name = '', count] = /^(.*?)\s*\b(\w+)(?:\[(\d*)\])?$/.exec(declaration) ?? [];
    const place = { name, offset: Number(offset), size: Number(size) };
    const isDataLocation = type.startsWith('__data_loc');
    const known = fieldType(
      type,
      count ?? (type.endsWith('[]') ? '' : undefined),
      place.size,
      signed === '1',
      btf,
      space,
    );
    found.push({ ...place, type: known, ...(isDataLocation && { isDataLocation }) });
  }
  return found;
}

function fieldType(
  text: string,
  count: string | undefined,
  size: number,
  signed: boolean,
  btf: Btf | undefined,
  space: Space,
): Type {
  const type = text.replace(/\b(?:const|volatile|__data_loc|__rel_loc)\s+/g, '').trim();
  if (text.startsWith('__data_loc'))
    return { kind: 'pointer', to: { kind: 'int', size: 1, signed: true }, space: 'kernel' };
  if (type.endsWith('*')) return pointerType(type, btf, space);
  if (count !== undefined) return arrayType(type, Number(count), size, btf, space);
  const enumeration = type.startsWith('enum ') ? namedType(type, btf, space) : undefined;
  if (enumeration !== undefined) return enumeration;
  return { kind: 'int', size: size === 1 || size === 2 || size === 4 ? size : 8, signed };
}

function pointerType(type: string, btf: Btf | undefined, space: Space): Type {
  const inner = type.slice(0, -1).trim();
  if (inner.endsWith('*')) return { kind: 'pointer', to: pointerType(inner, btf, space), space };
  return { kind: 'pointer', to: namedType(inner, btf, space) ?? none, space };
}

function arrayType(type: string, count: number, size: number, btf: Btf | undefined, space: Space): Type {
  if (/^(?:char|unsigned char)$/.test(type) && type === 'char') return { kind: 'string', size };
  const width = Math.max(1, Math.floor(size / Math.max(1, count)));
  const of = namedType(type, btf, space) ?? { kind: 'int', size: width as 1, signed: false };
  return { kind: 'array', of, count };
}
