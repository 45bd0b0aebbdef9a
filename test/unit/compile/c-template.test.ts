/** Values in C: whatever they are, they stay values, as a C compiler itself says. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { joinProgram } from '../../../lib/compile/c-template.js';
import { temporary } from '../../support/temporary.js';

/** What a compiled program prints of values: numbers as they are, strings as bytes. */
function printed(numbers: readonly (number | bigint | boolean)[], strings: readonly string[]): string[] {
  const statements = [
    ...numbers.map(value => joinProgram(['printf("%lld\\n", (long long)', ');'], [value])),
    ...strings.map(value => joinProgram(['{ const char s[] =', '; show(s, sizeof s); }'], [value])),
  ];
  const show = 'static void show(const char *s, int n) { while (n--) printf("%02x", *s++ & 255); puts(""); }';
  writeFileSync(
    temporary('values.c'),
    `#include <stdio.h>\n${show}\nint main(void) {\n${statements.join('\n')}\n}\n`,
  );
  const flags = [
    '-w',
    '-trigraphs',
    '-fsanitize=undefined',
    temporary('values.c'),
    '-o',
    temporary('values'),
  ];
  execFileSync('gcc', flags);
  return execFileSync(temporary('values'), { encoding: 'utf8' }).trim().split('\n');
}

describe('a value in C', () => {
  it('is the same number there', () => {
    const big = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 5n, -(2n ** 40n)];
    const numbers = [0, -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53) + 1];
    const expected = [...numbers, ...big, 1, 0].map(String);
    expect(printed([...numbers, ...big, true, false], [])).toEqual(expected);
    expect(printed([2n ** 64n - 1n], [])).toEqual(['-1']);
  });

  it('is the same string there, and ends where it ends', () => {
    const strings = [
      '',
      'plain /path/to.file',
      '"; system("reboot"); "',
      "it's \\ \n \r \t \x1b[31m %s %n",
      'naïve café 😀',
      '??/??= ??) trigraphs',
      '1234567 octal \x01234',
      '*/ // /* $' + '{x} `',
      '\u2028\u0085 \' " \' "',
    ];
    const bytes = strings.map(text => `${Buffer.from(text).toString('hex')}00`);
    expect(printed([], strings)).toEqual(bytes);
  });

  it('is not part of the name beside it', () => {
    expect(joinProgram(['int x', ' = 1;'], [2])).toBe('int x 2  = 1;');
    expect(joinProgram(['a-', ';'], [-5])).toBe('a- (-5) ;');
  });

  it.each([
    ['"', 'string'],
    ['printk("a \\" b ', 'string'],
    ['printk("a" "', 'string'],
    ["x = '", 'character'],
    ["x = '\\'", 'character'],
    ['// note ', 'comment'],
    ['// note \\\n goes on ', 'comment'],
    ['/* note ', 'comment'],
    ['/* " */ /* ', 'comment'],
    ['/*/', 'comment'],
  ])('is refused behind %s', (text, place) => {
    expect(() => joinProgram([text, ''], ['x'])).toThrow(`value 1 stands in a ${place}`);
  });

  it.each([
    '"a" ',
    "'\"' ",
    '// note\n',
    '/* " */',
    '/**/',
    '"\\\\" ',
    '"a // b" ',
    "'/' /* ' */ ",
    '/* // */ ',
    '// it is "so\n',
    '1 / 2 * ',
  ])('is taken behind %s', text => {
    expect(joinProgram([text, ''], [7])).toBe(`${text} 7 `);
  });

  it('counts where it stands from the value before it', () => {
    expect(() => joinProgram(['', ' "', '"'], [1, 2])).toThrow('value 2 stands in a string');
    expect(joinProgram(['"a" ', ' "b" ', ''], [1, 2])).toBe('"a"  1  "b"  2 ');
  });

  it.each([
    1.5,
    Number.NaN,
    2 ** 60,
    null,
    undefined,
    {},
    [],
    Symbol('s'),
    2n ** 64n,
    -(2n ** 63n) - 1n,
    'a\0b',
  ])('is refused where C has no literal for it: %s', value => {
    expect(() => joinProgram(['', ''], [value])).toThrow(/ERR_BPF_ARGUMENT/);
  });
});
