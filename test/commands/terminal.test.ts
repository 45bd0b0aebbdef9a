/** A terminal, that of script(1), shows names of others and does not do what they say. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMap } from 'libbpf-ts';
import { map as bpfMap, u32 } from 'libbpf-ts/codec';
import { expect, it } from 'vitest';
import { BpfFileSystem } from '../support/bpffs.js';
import { checkout, ended } from '../support/child.js';
import { compile } from '../support/clang.js';
import { temporary } from '../support/temporary.js';

const main = join(checkout, 'dist/cli/main.js');
/** Sets a terminal's title, rings its bell. */
const title = '\x1b]0;owned\x07';
const shownTitle = '\\u001b]0;owned\\u0007';

/** What a command writes to a terminal, byte for byte. */
async function typed(...args: readonly string[]): Promise<string> {
  const quoted = [process.execPath, main, ...args].map(arg => `'${arg}'`).join(' ');
  const { stdout } = await ended('script', ['--quiet', '--return', '--command', quoted, '/dev/null']);
  return stdout;
}

/** Escape sequences, bells and what else moves the cursor. */
const controls = /[^\P{Cc}\r\n\t]/u;

function expectHarmless(text: string): void {
  expect(text).not.toMatch(controls);
  expect(text).toContain(shownTitle);
}

it('names in an object', async () => {
  const { bytes } = compile(
    'int variable_1 = 1; char LICENSE[] __attribute__((section("license"))) = "GPL";',
  );
  const path = temporary('named.bpf.o');
  const text = Buffer.from(bytes).toString('latin1').replaceAll('variable_1', title);
  writeFileSync(path, Buffer.from(text, 'latin1'));
  expect(readFileSync(path)).toHaveLength(bytes.length);
  expectHarmless(await typed('run', '--duration', '0.1', path));
});

it('an error about a file', async () => {
  expectHarmless(await typed('run', `/tmp/${title}.bpf.o`));
});

it('a process, and a pin', async () => {
  using files = new BpfFileSystem();
  await using map = await createMap(bpfMap('array', u32, u32), { maxEntries: 1 });
  await map.pin(join(files.path, title));
  const mine = readFileSync('/proc/self/comm', 'utf8');
  writeFileSync('/proc/self/comm', title);
  try {
    for (const args of [['list', 'holders'], ['list', 'pins'], ['show', 'map', `${map.info.id}`]]) // biome-ignore format: a table
      expectHarmless(await typed(...args));
    const { stdout } = await ended(process.execPath, [main, 'list', 'holders', 'pins', '--json']);
    const { holders, pins } = JSON.parse(stdout);
    const comms = holders.filter(({ pid }: { pid: number }) => pid === process.pid);
    expect(new Set(comms.map(({ comm }: { comm: string }) => comm))).toEqual(new Set([title]));
    expect(pins.map(({ path }: { path: string }) => path)).toContain(join(files.path, title));
  } finally {
    writeFileSync('/proc/self/comm', mine.trim());
  }
});

it('is written to in one place', async () => {
  // The application that `init` writes prints by itself.
  const options = ['-rlE', '--exclude=application.ts'];
  const { stdout } = await ended('grep', [
    ...options,
    '^[^*]*(process\\.std(out|err)\\.write|console\\.)',
    'lib/cli',
    'lib/command',
    'lib/tool',
  ]);
  expect(stdout.trim()).toBe('lib/command/output.ts');
});
