/** What `__attribute__` says of a type, and what is read over. */
import { type Known, parseConstant } from './constant.js';
import type { Attributes } from './layout.js';
import type { Words } from './words.js';

/** Those that change where members are. */
export function parseAttributes(words: Words, known: Known): Attributes {
  let attributes: Attributes = { isPacked: false, align: 1 };
  while (words.accept('__attribute__')) {
    words.expect('(', 'behind __attribute__');
    words.expect('(', 'behind __attribute__');
    while (!words.accept(')')) attributes = parseAttribute(words, known, attributes);
    words.expect(')', 'behind an attribute');
  }
  return attributes;
}

function parseAttribute(words: Words, known: Known, { isPacked, align }: Attributes): Attributes {
  if (words.token.kind === 'end') throw words.unexpected(') behind an attribute');
  const { text } = words.take();
  if (/^(?:__)?packed(?:__)?$/.test(text)) return { isPacked: true, align };
  if (/^(?:__)?aligned(?:__)?$/.test(text) && words.is('('))
    return { isPacked, align: Math.max(align, parseAlignment(words, known)) };
  if (words.is('(')) skipParentheses(words);
  return { isPacked, align };
}

function parseAlignment(words: Words, known: Known): number {
  words.take();
  const start = words.token;
  const align = Number(parseConstant(words, known));
  words.expect(')', 'behind an alignment');
  if (align >= 1 && align <= 4096 && Number.isInteger(Math.log2(align))) return align;
  throw words.refuse(start, `an alignment is a power of two up to 4096, not ${align}`);
}

/** Parameters, which say nothing of a pointer's size. */
export function skipParentheses(words: Words): void {
  words.expect('(', 'before parameters');
  for (let depth = 1; depth > 0; ) {
    if (words.token.kind === 'end') throw words.unexpected(') behind parameters');
    const { text } = words.take();
    if (text === '(') depth++;
    if (text === ')') depth--;
  }
}
