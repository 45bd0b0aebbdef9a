/** Lines of the preprocessor: constants, and declarations that stand under a condition. */
import { BpfError } from '../../errors/bpf-error.js';
import type { Script } from '../text/script.js';
import type { Declaration, Literal } from '../tree/tree.js';
import { parseConstant } from './constant.js';
import { Words } from './words.js';

/** What a script's head comes to. Of `#include` nothing is read: there is no compiler. */
export interface Head {
  /** C declarations that count. */
  readonly types: readonly Declaration[];
  /** `#define NAME 5`, and text in quotes. */
  readonly constants: ReadonlyMap<string, Literal>;
}

/** @param known - names that are defined before, as `BPFTRACE_HAVE_BTF` where the kernel's types are known */
export function readHead(list: readonly Declaration[], script: Script, known: readonly string[]): Head {
  const types: Declaration[] = [];
  const constants = new Map<string, Literal>();
  const conditions: boolean[] = [];
  const isDefined = (name: string) => constants.has(name) || known.includes(name);
  for (const each of list) {
    const [, word, rest = ''] = /^#\s*(\w+)\s*([\s\S]*)$/.exec(each.text) ?? [];
    if (word !== undefined && follow(conditions, word, rest.trim(), isDefined)) continue;
    if (conditions.includes(false)) continue;
    if (word === 'define') define(constants, each, script);
    else if (word === undefined) types.push(each);
  }
  return { types, constants };
}

/** True for a line that is a condition. What is more than whether a name is defined does not hold. */
function follow(
  conditions: boolean[],
  word: string,
  rest: string,
  isDefined: (name: string) => boolean,
): boolean {
  if (word === 'ifdef' || word === 'ifndef') conditions.push(isDefined(rest) === (word === 'ifdef'));
  else if (word === 'if') conditions.push(/^[1-9]/.test(rest));
  else if (word === 'else') conditions.push(conditions.pop() === false);
  else if (word === 'endif') conditions.pop();
  else return false;
  return true;
}

/** A name alone is defined, as nothing; what is no constant is left to the error of who uses it. */
function define(constants: Map<string, Literal>, { text, start, end }: Declaration, script: Script): void {
  const [head = '', name] = /^#\s*define\s+(\w+)(?!\()\s*/.exec(text) ?? [];
  if (name === undefined) return;
  const literal = (value: bigint | string): Literal => ({ kind: 'literal', value, start, end });
  const [, string] = /^"([^"]*)"\s*$/.exec(text.slice(head.length)) ?? [];
  if (string !== undefined) constants.set(name, literal(string));
  else {
    const value = constantIn(new Words(script, { start: start + head.length, end }), constants);
    if (value !== undefined) constants.set(name, literal(value));
  }
}

function constantIn(words: Words, constants: ReadonlyMap<string, Literal>): bigint | undefined {
  try {
    const value = words.token.kind === 'end' ? 1n : parseConstant(words, name => numberOf(constants, name));
    return words.token.kind === 'end' ? value : undefined;
  } catch (error) {
    if (error instanceof BpfError) return undefined;
    throw error;
  }
}

function numberOf(constants: ReadonlyMap<string, Literal>, name: string): bigint | undefined {
  const value = constants.get(name)?.value;
  return typeof value === 'bigint' ? value : undefined;
}

/** Constants that are numbers, for lengths of arrays. */
export function numbersIn(constants: ReadonlyMap<string, Literal>): ReadonlyMap<string, bigint> {
  return new Map(
    [...constants].flatMap(([name, { value }]) => (typeof value === 'bigint' ? [[name, value]] : [])),
  );
}
