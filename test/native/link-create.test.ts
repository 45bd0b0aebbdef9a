/** The members of `struct bpf_link_create_opts` by name, as libbpf's header has them (bpf.h). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type LinkMember, type NativeApi, native } from '../../lib/native/native.js';

type ProgramHandle = Parameters<NativeApi['linkCreateSync']>[0];

/** Of a program that is not loaded: what comes behind the arguments is ENOENT. */
const [notLoaded, invalid] = [-2, -22];
const program = unloaded();

function unloaded(): ProgramHandle {
  const bytes = readFileSync(new URL('../bpf/probe.bpf.o', import.meta.url));
  const [object] = native().objectOpenSync(bytes, 'probe', '', null, null, null);
  if (typeof object === 'number') throw new Error(`probe.bpf.o does not open: ${object}`);
  return (native().objectPrograms(object) as ProgramHandle[])[0] as ProgramHandle;
}

function create(members: readonly string[], values: readonly bigint[]): unknown {
  const names = members as readonly LinkMember[];
  return native().linkCreateSync(program, -1, 0, names, BigUint64Array.from(values))[0];
}

/** Numbers by their bytes, but for those of structs that point to something, and lengths of what is pointed to. */
function numbersInHeader(): [name: string, bytes: number][] {
  const { version } = JSON.parse(readFileSync('native/deps/libbpf.json', 'utf8'));
  const header = readFileSync(`build/deps/libbpf-${version}/src/bpf.h`, 'utf8');
  const [, body = ''] = /struct bpf_link_create_opts \{\n([\s\S]*?)\n\};/.exec(header) ?? [];
  const inner = [...body.matchAll(/struct \{([^{}]*)\} (\w+);/g)].filter(
    ([, text = '']) => !text.includes('*'),
  );
  const own = body.slice(0, body.indexOf('union {'));
  return [
    ...numbersIn(own).filter(([name]) => !name.endsWith('_len')),
    ...inner.flatMap(([, text = '', struct]) =>
      numbersIn(text).map(([name, bytes]): [string, number] => [`${struct}.${name}`, bytes]),
    ),
  ];
}

function numbersIn(text: string): [name: string, bytes: number][] {
  return [...text.matchAll(/__[us](32|64) (\w+);/g)].map(([, bits, name = '']) => [name, Number(bits) / 8]);
}

describe('bpf_link_create() by name', () => {
  const numbers = numbersInHeader();

  it('has the numbers of the header, as wide as there', () => {
    expect(numbers).toContainEqual(['tcx.expected_revision', 8]);
    for (const [name, bytes] of numbers) {
      expect([name, create([name], [1n])]).toEqual([name, notLoaded]);
      expect([name, create([name], [2n ** 40n])]).toEqual([name, bytes === 8 ? notLoaded : invalid]);
      expect([name, create([name], [-100n])]).toEqual([name, notLoaded]);
    }
  });

  it('refuses other names, what points to something among them, and lists of unlike length', () => {
    for (const name of ['sz', 'iter_info', 'kprobe_multi.syms', 'uprobe_multi.pid', 'FLAGS', ''])
      expect([name, create([name], [1n])]).toEqual([name, invalid]);
    expect(create(['flags'], [])).toBe(invalid);
    expect(create([], [1n])).toBe(invalid);
    expect(create([], [])).toBe(notLoaded);
  });
});
