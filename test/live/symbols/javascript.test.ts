/** JavaScript in the stacks of a Node process that was started with --perf-basic-prof. */
import { chownSync, existsSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'; // biome-ignore format: a list
import { setTimeout as sleep } from 'node:timers/promises';
import { type Frame, openSymbolizer, symbolize } from 'libbpf-ts/symbols';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stacks } from '../../bpf/stacks.bpf.js';
import { Talker } from '../../support/talker.js';
import { temporary } from '../../support/temporary.js';

/** Types, so that lines and columns differ from those of what runs. */
const source = `
interface Order {
  price: number;
  count: number;
}

class Orders {
  total(orders: readonly Order[]): number {
    let sum = 0;
    for (const { price, count } of orders) sum += price * count;
    return sum;
  }
}

function workHard(rounds: number): number {
  const orders = new Orders();
  let sum = 0;
  for (let i = 0; i < rounds; i++) sum += orders.total([{ price: i, count: 2 }, { price: 1, count: i }]);
  return sum;
}

console.log('ready');
for (;;) workHard(100_000);
`;

const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };

/** V8 opens an empty log in the folder that it runs in. */
const withoutLog = ['--logfile=/dev/null', '--no-logfile-per-isolate'];

/** Compiles it, with its map beside it or in it, and runs it. */
async function start(name: string, map: object): Promise<Talker> {
  const compilerOptions = { ...options, ...map };
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    compilerOptions,
    fileName: `${name}.ts`,
  });
  writeFileSync(temporary(`${name}.ts`), source);
  writeFileSync(temporary(`${name}.mjs`), outputText);
  if (sourceMapText) writeFileSync(temporary(`${name}.js.map`), sourceMapText);
  const flags = ['--perf-basic-prof', '--interpreted-frames-native-stack', ...withoutLog];
  return Talker.start('', [process.execPath, ...flags, temporary(`${name}.mjs`)]);
}

/** Every frame of the stacks of half a second. */
async function sample(pid: number): Promise<Frame[]> {
  await using bpf = await stacks.load({ rodata: { target_pid: pid } });
  const link = await bpf.programs.sample.attach({ event: 'cpu-clock', frequency: 499, pid });
  await sleep(500);
  await link.detach();
  const frames = [...bpf.maps.stacks].map(([, stack]) => stack);
  const named = await Promise.all(frames.map(stack => symbolize({ pid }, stack)));
  return named.flat();
}

function lineOf(text: string): number {
  return source.split('\n').findIndex(line => line.includes(text)) + 1;
}

describe.each([
  ['beside it', { sourceMap: true }],
  ['in it', { inlineSourceMap: true }],
])('a function of TypeScript, with a source map %s', (_, map) => {
  const name = 'inlineSourceMap' in map ? 'inline' : 'beside';

  it('is named with its line in the .ts file', async () => {
    await using node = await start(name, map);
    const frames = await sample(node.pid);
    const work = frames.find(frame => frame.name === 'workHard' && frame.tier !== 'interpreted');
    expect(work).toMatchObject({ kind: 'jit', module: '[jit]' });
    expect(work?.source).toEqual({
      file: temporary(`${name}.ts`),
      line: lineOf('function workHard'),
      column: 'function workHard'.length + 1,
    });
    expect(['baseline', 'maglev', 'optimized']).toContain(work?.tier);
    // Node's own code is in the same stacks.
    expect(frames.map(frame => frame.name)).toContain('node::Start(int, char**)');
  });
});

describe('a perf map', () => {
  let node: Talker;
  let path: string;
  beforeAll(async () => {
    node = await Talker.start(`import mmap, ctypes, sys
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
print(hex(ctypes.addressof(ctypes.c_char.from_buffer(code))), flush=True)
sys.stdin.read()`);
    path = `/tmp/perf-${node.pid}.map`;
  });
  afterAll(async () => {
    rmSync(path, { force: true });
    await node[Symbol.asyncDispose]();
  });

  const start = () => BigInt(node.greeting);
  const nameAt = async (offset: bigint) => {
    await using symbols = openSymbolizer();
    const [frame] = await symbols.symbolize({ pid: node.pid }, [start() + offset]);
    return frame?.name;
  };

  it('is not believed where another user wrote it, or it is a link', async () => {
    const line = `${start().toString(16)} 100 mine\n`;
    writeFileSync(path, line);
    expect(await nameAt(0x10n)).toBe('mine');
    chownSync(path, 12345, 12345);
    expect(await nameAt(0x10n)).toBeUndefined();
    rmSync(path);
    writeFileSync(temporary('linked.map'), line);
    symlinkSync(temporary('linked.map'), path);
    expect(await nameAt(0x10n)).toBeUndefined();
    rmSync(path);
  });

  it('is opened once by calls at once, and closed with what is being read', async () => {
    const open = () =>
      readdirSync('/proc/self/fd').filter(fd => {
        return existsSync(`/proc/self/fd/${fd}`) && readlinkSync(`/proc/self/fd/${fd}`) === path;
      });
    const line = (i: number) => `${(start() + BigInt(i % 4096)).toString(16)} 1 code${i}\n`;
    writeFileSync(path, Array.from({ length: 50_000 }, (_, i) => line(i)).join(''));
    const symbols = openSymbolizer();
    const calls = () => Array.from({ length: 8 }, () => symbols.symbolize({ pid: node.pid }, [start()]));
    const named = await Promise.all(calls());
    expect(named.map(([frame]) => frame?.name)).toEqual(Array(8).fill('code49152'));
    expect(open()).toHaveLength(1);
    const running = Promise.allSettled(calls());
    await symbols.close();
    for (const result of await running)
      if (result.status === 'rejected') expect(result.reason.code).toBe('ERR_BPF_CLOSED');
    expect(open()).toEqual([]);
    rmSync(path);
  });

  it('is read as it grows, and its newest entry wins', async () => {
    await using symbols = openSymbolizer();
    const names = async () => {
      const addresses = [0x10n, 0x50n, 0x90n].map(offset => start() + offset);
      const frames = await symbols.symbolize({ pid: node.pid }, addresses, { returnAddresses: false });
      return frames.map(({ name }) => name);
    };
    const append = (text: string) => writeFileSync(path, text, { flag: 'a' });
    append(`${start().toString(16)} 40 first\n0x${(start() + 0x40n).toString(16)} 0x40 second with blanks\n`);
    expect(await names()).toEqual(['first', 'second with blanks', undefined]);
    // Half a line, then its end; garbage in between is left out.
    append(`not a line\n${start().toString(16)} 80 mov`);
    expect(await names()).toEqual(['first', 'second with blanks', undefined]);
    append(`ed\n${(start() + 0x80n).toString(16)} 40 third\n`);
    expect(await names()).toEqual(['moved', 'moved', 'third']);
    expect(readFileSync(path, 'utf8')).toContain('not a line');
  });
});
