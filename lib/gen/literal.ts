/** Names and values from BTF as TypeScript literals: data, never spliced as code. */
import type { Code } from './layout.js';

/** `'it\'s'`. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** `5`, `-1`, `5n`. */
export function numeral(value: number | bigint): string {
  return typeof value === 'bigint' ? `${value}n` : `${value}`;
}

/** `name: value` of an object literal; `__proto__` alone would set the prototype. */
export function property(name: string, value: Code): Code {
  return [name === '__proto__' ? "['__proto__']" : key(name), ': ', value];
}

/** `name: type` of an interface. */
export function typeProperty(name: string, type: Code): Code {
  return [key(name), ': ', type];
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}
