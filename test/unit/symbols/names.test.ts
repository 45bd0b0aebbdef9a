/** Names as V8 and compilers write them, and mappings as the kernel does. */
import { describe, expect, it } from 'vitest';
import { demangle } from '../../../lib/symbols/demangle.js';
import { parseJavaScriptName } from '../../../lib/symbols/javascript-name.js';
import { findMapping, parseMaps } from '../../../lib/symbols/process-maps.js';

describe('a name that V8 wrote', () => {
  it.each([
    // As Node 20, 22, 24 and 26 wrote them.
    ['JS:*total file:///tmp/a.mjs:1:20', 'total', 'optimized', '/tmp/a.mjs', 1, 20],
    ["JS:*'total file:///tmp/a.mjs:1:20", 'total', 'optimized', '/tmp/a.mjs', 1, 20],
    ["JS:+'get x file:///tmp/a.mjs:1:94", 'get x', 'maglev', '/tmp/a.mjs', 1, 94],
    ['JS:o+hotLoop file:///tmp/a.mjs:2:17', 'hotLoop', 'maglev', '/tmp/a.mjs', 2, 17],
    [
      'JS:^hotLoop file:///tmp/with%20blank/a.mjs:2:17',
      'hotLoop',
      'baseline',
      '/tmp/with blank/a.mjs',
      2,
      17,
    ],
    ['Script:~ file:///tmp/a.mjs:1:1', '(script)', 'interpreted', '/tmp/a.mjs', 1, 1],
    [
      'JS:~ node:internal/process/task_queues:67:35',
      '(anonymous)',
      'interpreted',
      'node:internal/process/task_queues',
      67,
      35,
    ],
    ['JS:~handler /srv/app/index.js:10:3', 'handler', 'interpreted', '/srv/app/index.js', 10, 3],
    ['Eval:~ :1:1', '(anonymous)', 'interpreted', '', 1, 1],
    ['LazyCompile:*old /srv/app.js:3:9', 'old', 'optimized', '/srv/app.js', 3, 9],
  ])('%s', (text, name, tier, file, line, column) => {
    expect(parseJavaScriptName(text)).toEqual({ name, tier, source: { file, line, column } });
  });

  it.each(['RegExp:a+b', 'Builtin:ArrayMap', 'BytecodeHandler:LdaZero', 'anything', ''])(
    '%s is no function',
    text => {
      expect(parseJavaScriptName(text)).toBeUndefined();
    },
  );

  it('of a broken URL is left as it is', () => {
    expect(parseJavaScriptName('JS:*f file:///tmp/%zz.js:1:2')?.source?.file).toBe('file:///tmp/%zz.js');
  });
});

describe('a mangled name', () => {
  it.each([
    // As c++filt of binutils 2.40 has them, but for what templates return.
    ['_ZN4node5StartEiPPc', 'node::Start(int, char**)'],
    ['_ZNSt6vectorIiSaIiEE9push_backERKi', 'std::vector<int, std::allocator<int> >::push_back(int const&)'],
    ['_ZN3foo3barEv.cold', 'foo::bar() [clone .cold]'],
    ['_ZN4core3fmt9Formatter3pad17h9b2b3a0e5b4d1b31E', 'core::fmt::Formatter::pad'],
    ['_RNvNtCs1234_7mycrate3foo3bar', 'mycrate::foo::bar'],
    ['main', 'main'],
    ['_start', '_start'],
    ['_Z', '_Z'],
    ['_ZN4node5Start', '_ZN4node5Start'],
  ])('%s', (mangled, name) => {
    expect(demangle(mangled)).toBe(name);
  });

  it('that is hostile is given back', () => {
    const deep = `_Z1f${'P'.repeat(15_000)}i`;
    expect([deep, `f(int${'*'.repeat(15_000)})`]).toContain(demangle(deep));
    expect(demangle(`_Z1f${'N'.repeat(16_000)}`)).toBe(`_Z1f${'N'.repeat(16_000)}`);
    expect(demangle(`_Z${'1'.repeat(100_000)}`)).toHaveLength(100_002);
    expect(demangle('_ZN4node5StartEiPPc')).toBe('node::Start(int, char**)');
  });
});

describe('the mappings of a process', () => {
  const text = [
    '00400000-00401000 r-xp 00001000 fe:00 42                         /opt/a program\\012of mine (deleted)',
    '7f0000000000-7f0000002000 rw-p 00000000 00:00 0 ',
    '7ffd8577c000-7ffd8579d000 r-xp 00000000 00:00 0                          [vdso]',
    'nonsense',
    '',
  ].join('\n');

  it('are read with blanks, newlines and the mark of removed files', () => {
    const [first, second, third, ...rest] = parseMaps(text);
    expect(first).toEqual({
      start: 0x400000n,
      end: 0x401000n,
      isExecutable: true,
      offset: 0x1000n,
      device: 'fe:00',
      inode: '42',
      path: '/opt/a program\nof mine',
      isDeleted: true,
    });
    expect(second).toMatchObject({ isExecutable: false, inode: '0', path: '' });
    expect(third?.path).toBe('[vdso]');
    expect(rest).toEqual([]);
  });

  it('have addresses from their start up to their end', () => {
    const maps = parseMaps(text);
    const found = [0x3fffffn, 0x400000n, 0x400fffn, 0x401000n, 0x7f0000001fffn].map(
      each => findMapping(maps, each)?.start,
    );
    expect(found).toEqual([undefined, 0x400000n, 0x400000n, undefined, 0x7f0000000000n]);
  });
});
