/** A struct's members read into an object. */
import type { Member } from './member.js';
import type { Scope } from './scope.js';

/** An object literal has a stable shape; a computed `__proto__` is a name like any other. */
export function objectSource(members: readonly Member[], at: number, end: string, scope: Scope): string {
  if (!scope.roomFor(members.length) && at > 0) {
    const read = (view: DataView, offset: number, limit: number) => takeMembers(members, view, offset, limit);
    return `${scope.constant(read)}(v, o + ${at}, ${end})`;
  }
  const fields = members.map(({ name, offset, codec }) => {
    const start = at + offset;
    const value = codec.source(start, codec.flexible ? end : `o + ${start + codec.size}`, scope);
    return `${name === '__proto__' ? '["__proto__"]' : JSON.stringify(name)}: ${value}`;
  });
  return `({ ${fields.join(', ')} })`;
}

/** A property as assignment would make it; assigning `__proto__` would set the prototype. */
const plain = { writable: true, enumerable: true, configurable: true };

/** The same without generated code. */
export function takeMembers(members: readonly Member[], view: DataView, offset: number, end: number): object {
  const result: Record<string, unknown> = {};
  for (const { name, offset: at, codec } of members) {
    const start = offset + at;
    const value = codec.take(view, start, codec.flexible ? end : start + codec.size);
    if (name === '__proto__') Object.defineProperty(result, name, { ...plain, value });
    else result[name] = value;
  }
  return result;
}
