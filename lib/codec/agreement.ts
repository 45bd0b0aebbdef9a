/** Members that share bytes, written together: they must agree on them. */
import { ValueError } from './faults.js';
import type { Member } from './member.js';

/** One member to write, and its value. */
interface Given {
  readonly member: Member;
  readonly value: unknown;
  /** Writes it, naming it in errors. */
  readonly write: () => void;
}

/**
 * Writes members of which some share bytes. A value that was read has all members of a union; if one of them was
 * changed, the others say something else, and which one is meant is not guessed.
 *
 * @throws ValueError that names two members that disagree
 */
export function writeTogether(type: string, given: readonly Given[], view: DataView, offset: number): void {
  if (given.length < 2) {
    for (const { write } of given) write();
    return;
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, view.byteLength - offset);
  const before = bytes.slice();
  let dissent = '';
  // Text leaves out what follows its NUL, a bool all but one bit: the member that says most must be written last.
  for (const last of given.toReversed()) {
    bytes.set(before);
    for (const each of given) if (each !== last) each.write();
    last.write();
    const other = given.find(each => !says(each, view, offset));
    if (!other) return;
    dissent ||= `${other.member.name} and ${last.member.name} share bytes and disagree`;
  }
  throw new ValueError(type, '', dissent, 'a union takes the one member that is meant; leave out the others');
}

/** True when the member reads as the value that it was given. */
function says({ member: { codec, offset: at }, value }: Given, view: DataView, offset: number): boolean {
  const start = offset + at;
  const end = codec.flexible ? view.byteLength : start + codec.size;
  return isSame(codec.take(view, start, end), value) || writesSame(codec, view, start, end, value);
}

/** A value may be written in another form than it is read: an enum by number, an address in capitals. */
function writesSame(
  codec: Member['codec'],
  view: DataView,
  start: number,
  end: number,
  value: unknown,
): boolean {
  const copy = new Uint8Array(view.buffer, view.byteOffset + start, end - start).slice();
  const own = new DataView(copy.buffer);
  const read = codec.take(own, 0, copy.length);
  codec.put(own, 0, value);
  return isSame(codec.take(own, 0, copy.length), read);
}

/** Members of `wanted` that are left out are not compared. */
function isSame(found: unknown, wanted: unknown): boolean {
  if (Object.is(found, wanted) || found === wanted) return true;
  if (typeof found !== 'object' || typeof wanted !== 'object' || found === null || wanted === null)
    return false;
  if (Array.isArray(wanted) || wanted instanceof Uint8Array) {
    const [a, b] = [found as ArrayLike<unknown>, wanted as ArrayLike<unknown>];
    return a.length === b.length && Array.from(b).every((item, i) => isSame(a[i], item));
  }
  return Object.entries(wanted).every(([name, item]) =>
    isSame((found as Record<string, unknown>)[name], item),
  );
}
