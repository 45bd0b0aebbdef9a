/** `--set NAME=VALUE`: the variable's type decides what a value means. */
import { describe, expect, it } from 'vitest';
import { applySettings, pairs } from '../../../lib/cli/settings.js';
import { type Codec, decode, encode } from '../../../lib/doors/codec.js';
import { describeObject } from '../../../lib/doors/gen.js';
import { BpfError } from '../../../lib/index.js';
import { compile } from '../../support/clang.js';

const { bytes } = compile(`
  typedef _Bool bool;
  enum color { RED, GREEN = 5 };
  const volatile unsigned int u = 1;
  const volatile long long s64 = 0;
  const volatile unsigned long long u64 = 0;
  const volatile bool flag = 0;
  const volatile char text[8] = {};
  const volatile enum color color = 0;
  const volatile int pair[2] = {};
  const volatile unsigned char mac[6] = {};
  int counter = 3;
`);

/** The variables of an object, as a codec reads and writes them. */
function sections(): Record<string, Record<string, unknown>> {
  const { globals } = describeObject(bytes, 'x.bpf.o');
  return Object.fromEntries(Object.entries(globals).map(([name, codec]) => [name, checked(codec)]));
}

/** A struct whose assignments pass through its codec, as live variables do. */
// biome-ignore lint/suspicious/noExplicitAny: every section has its own variables
function checked(codec: Codec<any>): Record<string, unknown> {
  const values = decode(codec, new Uint8Array(codec.size));
  return new Proxy(values, {
    set(target, name, value) {
      target[name] = decode(codec, encode(codec, { ...target, [name]: value }))[name];
      return true;
    },
  });
}

function set(...settings: string[]): Record<string, unknown> {
  const all = sections();
  applySettings(all, pairs('run', 'set', settings));
  return Object.assign({}, ...Object.values(all));
}

describe('--set', () => {
  it.each<[string, unknown]>([
    ['u=42', 42],
    ['u=0x10', 16],
    ['s64=-9223372036854775808', -(2n ** 63n)],
    ['s64=-0x10', -16n],
    ['u64=18446744073709551615', 2n ** 64n - 1n],
    ['flag=true', true],
    ['flag=1', true],
    ['flag=false', false],
    ['text=a=b', 'a=b'],
    ['text=123', '123'],
    ['text=', ''],
    ['color=GREEN', 'GREEN'],
    ['color=5', 'GREEN'],
    ['color=7', 7],
    ['pair=[1,-2]', [1, -2]],
    ['mac=0200deadbeef', Uint8Array.of(2, 0, 0xde, 0xad, 0xbe, 0xef)],
    ['counter=-4', -4],
  ])('%s', (setting, value) => {
    const [name = ''] = setting.split('=');
    expect(set(setting)[name]).toEqual(value);
  });

  it.each([
    'u=-1',
    'u=x',
    'u=',
    'u=1.5',
    'u64=-1',
    'u64=1n',
    'flag=yes',
    'text=123456789',
    'color=BLUE',
    'pair=3',
  ])('%s is refused by the type', setting => {
    const [name = ''] = setting.split('=');
    const refusal = expect.objectContaining({ code: 'ERR_BPF_VALUE', operation: `set ${name}` });
    expect(() => set(setting)).toThrow(refusal);
  });

  it('names the variables that there are when it knows none of that name', () => {
    expect(() => set('nope=1')).toThrow(/set nope: .*there are .*counter/s);
    expect(() => set('toString=1')).toThrow(BpfError);
  });

  it.each(['u', '=1'])('%s is no setting', setting => {
    expect(() => set(setting)).toThrow(`--set takes NAME=VALUE, not ${setting}`);
  });
});
