/** Where members are in a struct, as the C compilers of x86-64 and arm64 place them. */
import type { NewBtfMember } from '../../doors/btf.js';

/** A type that is known by its id. */
export interface KnownType {
  readonly id: number;
  /** In bytes; 0 of one that is only named. */
  readonly size: number;
  readonly align: number;
}

export interface DeclaredMember {
  readonly name: string;
  readonly type: KnownType;
  /** Of a bit field. */
  readonly width?: number;
}

/** What `__attribute__` says of a struct. */
export interface Attributes {
  readonly isPacked: boolean;
  readonly align: number;
}

export interface Layout {
  readonly members: readonly NewBtfMember[];
  readonly size: number;
  readonly align: number;
}

const up = (at: number, unit: number) => Math.ceil(at / unit) * unit;

/** @param isUnion - all members begin at 0 */
export function layOut(
  list: readonly DeclaredMember[],
  isUnion: boolean,
  { isPacked, align: least }: Attributes,
): Layout {
  const members: NewBtfMember[] = [];
  let [next, end] = [0, 0];
  let align = least;
  for (const { name, type, width } of list) {
    const at = startOf(isUnion ? 0 : next, type, width, isPacked);
    if (!isPacked) align = Math.max(align, type.align);
    next = at + (width ?? type.size * 8);
    end = Math.max(end, next);
    // A bit field without a name only takes room.
    if (name !== '' || width === undefined)
      members.push({ name, type: type.id, bitOffset: at, ...(width !== undefined && { bits: width }) });
  }
  return { members, size: up(Math.ceil(end / 8), align), align };
}

/** In bits. A bit field does not cross a unit of its type; one of no bits begins a new unit. */
function startOf(next: number, type: KnownType, width: number | undefined, isPacked: boolean): number {
  const unit = type.size * 8;
  if (width === 0) return up(next, unit);
  if (width === undefined) return up(next, isPacked ? 8 : Math.max(1, type.align) * 8);
  const crosses = Math.floor(next / unit) !== Math.floor((next + width - 1) / unit);
  return crosses && !isPacked ? up(next, unit) : next;
}
