/** What changed from one set of types to another, by name. */
import { requireMethod } from '../errors/arguments.js';
import type { Btf } from './btf.js';
import { CType } from './c-type.js';
import type { BtfKind } from './type.js';

/** One type that is not the same in both. */
export interface BtfDifference {
  /** As in C: `struct task_struct`. */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Of a changed type, what changed: `size 10 to 12`, `member pid moved from 8 to 16`. */
  readonly details: readonly string[];
}

const compared: readonly BtfKind[] = ['struct', 'union', 'enum', 'enum64', 'typedef', 'func'];

/**
 * Differences between the named structs, unions, enums, typedefs and functions of two kernels or objects, in the order
 * of their names. Of several types with one name the first counts.
 */
export function diffBtf(before: Btf, after: Btf): BtfDifference[] {
  for (const types of [before, after]) requireMethod('compare types', types, 'type', 'types are a Btf');
  const [old, now] = [namedTypes(before), namedTypes(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  return names.flatMap((name): BtfDifference[] => {
    const [a, b] = [old.get(name), now.get(name)];
    if (!a) return [{ name, change: 'added', details: [] }];
    if (!b) return [{ name, change: 'removed', details: [] }];
    const details = changes(a, b);
    return details.length > 0 ? [{ name, change: 'changed', details }] : [];
  });
}

function namedTypes(btf: Btf): Map<string, CType> {
  const found = new Map<string, CType>();
  for (const kind of compared) {
    for (const id of btf.ids(kind)) {
      const type = new CType(btf, id);
      const name = type.name === '' ? '' : label(type);
      if (name !== '' && !found.has(name)) found.set(name, type);
    }
  }
  return found;
}

function label({ kind, name }: CType): string {
  if (kind === 'typedef') return name;
  return kind === 'func' ? `${name}()` : `${kind === 'enum64' ? 'enum' : kind} ${name}`;
}

function changes(a: CType, b: CType): string[] {
  if (a.kind === 'func' || a.kind === 'typedef') return sameText('declared as', a.toString(), b.toString());
  if (a.kind.startsWith('enum')) return enumChanges(a, b);
  const size = a.size === b.size ? [] : [`size ${a.size} to ${b.size}`];
  return [...size, ...memberChanges(flat(a), flat(b))];
}

/** Members by name, those of anonymous structs and unions among them. */
function flat(
  type: CType,
  base = 0,
  found: Map<string, Place> = new Map(),
  seen: CType[] = [],
): Map<string, Place> {
  // No real struct has so many; a hostile one multiplies them by nesting.
  if (seen.push(type) > 1000) return found;
  for (const { name, type: of, bitOffset, bits } of type.members) {
    if (name === '') flat(of, base + bitOffset, found, seen);
    else found.set(name, { bit: base + bitOffset, type: bits ? `${of.cName} : ${bits}` : of.cName });
  }
  return found;
}

interface Place {
  readonly bit: number;
  readonly type: string;
}

function memberChanges(a: ReadonlyMap<string, Place>, b: ReadonlyMap<string, Place>): string[] {
  const removed = [...a.keys()].filter(name => !b.has(name)).map(name => `member ${name} removed`);
  const added = [...b]
    .filter(([name]) => !a.has(name))
    .map(([name, { type }]) => `member ${name} added: ${type}`);
  const changed = [...a].flatMap(([name, old]) => {
    const now = b.get(name);
    if (!now) return [];
    const moved =
      old.bit === now.bit ? [] : [`member ${name} moved from ${place(old.bit)} to ${place(now.bit)}`];
    return [...moved, ...sameText(`member ${name}`, old.type, now.type)];
  });
  return [...removed, ...added, ...changed];
}

function enumChanges(a: CType, b: CType): string[] {
  const [old, now] = [a, b].map(({ values }) => new Map(values.map(({ name, value }) => [name, `${value}`])));
  const removed = [...(old ?? [])].filter(([name]) => !now?.has(name)).map(([name]) => `${name} removed`);
  const added = [...(now ?? [])]
    .filter(([name]) => !old?.has(name))
    .map(([name, value]) => `${name} = ${value} added`);
  const changed = [...(old ?? [])].flatMap(([name, value]) =>
    now?.has(name) ? sameText(name, value, now.get(name) ?? '') : [],
  );
  return [...removed, ...added, ...changed];
}

function sameText(what: string, a: string, b: string): string[] {
  return a === b ? [] : [`${what}: ${a} became ${b}`];
}

/** Bytes, and bits where there are some. */
function place(bit: number): string {
  return bit % 8 === 0 ? `${bit / 8}` : `${Math.floor(bit / 8)}:${bit % 8}`;
}
