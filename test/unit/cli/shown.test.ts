/** Values as text: nothing that a program wrote can move the cursor or be taken for another value. */
import { describe, expect, it } from 'vitest';
import { isEmpty, shown } from '../../../lib/cli/shown.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('shown', () => {
  it.each<[unknown, string]>([
    [1, '1'],
    [-1n, '-1'],
    [true, 'true'],
    ['plain/text.c', 'plain/text.c'],
    ['', '""'],
    ['two words', '"two words"'],
    ['quote"back\\', '"quote\\"back\\\\"'],
    ['\x1b[31m\n\x7f\x9b', '"\\u001b[31m\\n\\u007f\\u009b"'],
    ['\u{e0001}', '"\\udb40\\udc01"'],
    ['a\u202eb', '"a\\u202eb"'],
    [Uint8Array.of(), '""'],
    [Uint8Array.of(0, 0), '0000'],
    [Uint8Array.of(2, 255), '02ff'],
    [bytes('ls\0-l\0'), '"ls\\0-l\\0"'],
    [bytes('\x1b[2J'), '1b5b324a'],
    [[1, 2], '[1 2]'],
    [{ a: 1, b: { c: 'x' } }, '{a=1 b={c=x}}'],
  ])('case %#', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('calls empty what is all zero', () => {
    for (const value of [0, 0n, '', false, [0, 0n], { a: 0, b: [''] }, new Uint8Array(4)])
      expect(isEmpty(value)).toBe(true);
    for (const value of [1, -1n, 'x', true, [0, 1], { a: { b: 1 } }, Uint8Array.of(0, 1)])
      expect(isEmpty(value)).toBe(false);
  });
});
