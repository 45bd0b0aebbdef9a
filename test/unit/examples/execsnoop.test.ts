/** The example's text: what a shell would read back, and columns as a terminal counts them. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../examples/execsnoop/options.js';
import { clipped, escaped, quoted } from '../../../examples/execsnoop/text.js';

describe('quoted', () => {
  const strings = [
    'plain',
    '',
    ' ',
    'a b',
    "it's",
    "'",
    '"$HOME`id`"',
    '\\',
    'new\nline',
    "both '\n\\",
    'tab\t',
    '日本',
  ];
  strings.push('\x1b[31m', '*', '~', '#', '!', 'a;b&c|d', '-x', 'é\u0301');

  it.each(strings.map(string => [string]))('%j comes back from bash', string => {
    const back = execFileSync('bash', ['-c', `printf %s ${quoted(string)}`], { encoding: 'utf8' });
    expect(back).toBe(string);
  });

  it('lets nothing through that moves a cursor or reorders text', () => {
    for (const unsafe of ['\x1b', '\r', '\x9b', '\u202e', '\u2028', '\u0000']) {
      expect(quoted(`a${unsafe}b`)).not.toContain(unsafe);
      expect(escaped(unsafe)).toMatch(/^\\/);
    }
  });
});

describe('clipped', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['e\u0301e\u0301', 2, 'e\u0301e\u0301'],
    ['anything', Number.POSITIVE_INFINITY, 'anything'],
  ])('%j in %d columns', (text, width, result) => {
    expect(clipped(text, width)).toBe(result);
  });
});

describe('options', () => {
  it('end where the command begins', () => {
    expect(parse(['--json', 'ls', '--all', '-l']).command).toEqual(['ls', '--all', '-l']);
    expect(parse(['--name', 'sh', '--', '--', 'x'])).toMatchObject({ name: 'sh', command: ['--', 'x'] });
    expect(parse([])).toMatchObject({ command: undefined, all: false, json: false });
    expect(parse(['--uid', '0', '--all'])).toMatchObject({ uid: 0, all: true });
  });

  it.each([[['--pid', '-1']], [['--uid', '4294967296']], [['--pid=1', 'ls']], [['--none']]])(
    '%j is refused',
    args => {
      expect(() => parse(args)).toThrow(TypeError);
    },
  );
});
