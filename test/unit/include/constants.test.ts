/** `libbpf-ts/constants.bpf.h` against the system's headers: both are read by the C compiler. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkout } from '../../support/child.js';
import { output } from '../../support/clang.js';

const file = `${checkout}native/include/libbpf-ts/constants.bpf.h`;
const names = Array.from(
  readFileSync(file, 'utf8').matchAll(/^#define (\w+)( |\(m\))/gm),
  ([, name = '', end]) => ({ name, use: end === '(m)' ? `${name}(0140000)` : name }),
);
const system = `
#include <errno.h>
#include <sys/socket.h>
#include <linux/in6.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#define __KERNEL__ 1  // otherwise <linux/stat.h> leaves them to glibc
#include <linux/stat.h>
`;

/** What names are to a compiler, one a line. */
function valuesAfter(includes: string): string[] {
  const prints = names.map(({ name, use }) => `printf("${name} %lld\\n", (long long)(${use}));`);
  const stdio = 'int printf(const char *, ...);';
  return output(`${includes}\n${stdio}\nint main(void) { ${prints.join('\n')} }`).split('\n');
}

/** The names that a system header defines. */
function defined(header: string, pattern: RegExp): string[] {
  const text = readFileSync(`/usr/include/${header}`, 'utf8');
  const all = text.matchAll(/^\s*#\s*define\s+(\w+)/gm);
  return Array.from(all, ([, name = '']) => name).filter(name => pattern.test(name));
}

describe('constants.bpf.h', () => {
  it('has the values that the headers of this system have', () => {
    expect(names.length).toBeGreaterThan(300);
    expect(valuesAfter(`#include "${file}"`)).toEqual(valuesAfter(system));
  });

  it.each([
    ['asm-generic/errno-base.h', /^E/],
    ['asm-generic/errno.h', /^E/],
    ['linux/if_ether.h', /^ETH_P_/],
    ['linux/pkt_cls.h', /^TC_ACT_(?!EXT|JUMP|GOTO|VALUE)/],
  ])('has all of %s', (header, pattern) => {
    const own = new Set(names.map(({ name }) => name));
    expect(defined(header, pattern).filter(name => !own.has(name))).toEqual([]);
  });

  it('goes together with those headers, before and behind', () => {
    expect(valuesAfter(`#include "${file}"\n${system}`)).toEqual(valuesAfter(system));
    expect(valuesAfter(`${system}\n#include "${file}"`)).toEqual(valuesAfter(system));
  });
});
