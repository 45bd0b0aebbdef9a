/** Probes and samples of a program that is built for them: single spots, reference counters, where it works hard. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { many } from '../../bpf/many.bpf.js';
import { spots } from '../../bpf/spots.bpf.js';
import { need } from '../../support/need.js';
import { program } from '../../support/program.js';
import { Talker } from '../../support/talker.js';

/** Says how many watch its probe, each time that it has gone through it; or works for a while, mostly in one place. */
const source = `
#include <stdio.h>
#include <time.h>
volatile unsigned short semaphore __attribute__((section(".probes"))) = 0;
volatile unsigned long sum;
__attribute__((noinline)) void target(void) { __asm__ volatile("nop\\n.globl spot\\nspot: nop"); }
__attribute__((noinline)) void hot(void) { for (int turn = 0; turn < 9000; turn++) sum += turn; }
__attribute__((noinline)) void cold(void) { for (int turn = 0; turn < 1000; turn++) sum += turn; }
int main(void) {
  char line[16];
  puts("ready");
  fflush(stdout);
  while (fgets(line, sizeof(line), stdin)) {
    const clock_t end = clock() + (line[0] == 'w' ? CLOCKS_PER_SEC / 4 : 0);
    while (clock() < end) { hot(); cold(); }
    target();
    printf("%d\\n", semaphore);
    fflush(stdout);
  }
}
`;

/** A symbol, by what readelf says. */
interface Symbol {
  readonly address: number;
  readonly size: number;
  /** In bytes, from the start of the file. */
  readonly inFile: number;
}

describe('a program that was built', () => {
  let binary: string;
  let running: Talker;
  beforeAll(async () => {
    binary = program(source, ['-no-pie']);
    running = await Talker.start('', [binary]);
  });
  afterAll(() => running[Symbol.asyncDispose]());

  /** Where a symbol is in memory and in the file: from its address, and where its section is in both. */
  function symbol(name: string): Symbol {
    const readelf = (option: string) => execFileSync('readelf', ['-W', option, binary], { encoding: 'utf8' });
    const pattern = new RegExp(`([0-9a-f]{16}) +(\\d+) +\\w+ +\\w+ +\\w+ +(\\d+) ${name}\\n`);
    const [, address = '', size = '', section] = pattern.exec(readelf('-s')) ?? [];
    const row = new RegExp(`\\[ *${section}\\] \\S+ +PROGBITS +([0-9a-f]+) ([0-9a-f]+)`).exec(readelf('-S'));
    const [at, start, offset] = [address, row?.[1], row?.[2]].map(text => Number.parseInt(text ?? '', 16));
    return { address: at ?? 0, size: Number(size), inFile: (at ?? 0) - (start ?? 0) + (offset ?? 0) };
  }

  async function only(name: 'counted' | 'sampled', rodata = {}) {
    const opened = await spots.open({ rodata: { target_pid: running.pid, ...rodata } });
    opened.programs[name].autoload = true;
    return opened.load();
  }

  it('counts a reference counter up while a uprobe is attached', async context => {
    need(context, 'uprobe');
    await using bpf = await only('counted');
    expect(await running.ask('go')).toBe('0');
    const refCounterOffset = symbol('semaphore').inFile;
    const link = await bpf.programs.counted.attach({ binary, function: 'target', refCounterOffset });
    expect(await running.ask('go')).toBe('1');
    expect(bpf.globals.bss.hits).toBe(1n);
    await link.detach();
    expect(await running.ask('go')).toBe('0');
  });

  it('is probed at an instruction, by bytes into its function or into the file', async context => {
    need(context, 'uprobe');
    await using bpf = await only('counted');
    const [target, spot] = [symbol('target'), symbol('spot')];
    const offset = spot.address - target.address;
    const link = await bpf.programs.counted.attach({ binary, function: 'target', offset });
    await running.ask('go');
    expect(bpf.globals.bss.hits).toBe(1n);
    await link.detach();
    await bpf.programs.counted.attach({ binary, offset: spot.inFile });
    await running.ask('go');
    expect(bpf.globals.bss.hits).toBe(2n);
  });

  it('is probed at many instructions, each with its reference counter', async context => {
    need(context, 'uprobe.multi');
    await using bpf = await many.load(
      { rodata: { target_pid: running.pid } },
      { alternatives: [['user_functions']] },
    );
    const [target, spot, counter] = [symbol('target'), symbol('spot'), symbol('semaphore')];
    const offsets = [target.inFile, spot.inFile].map(Number);
    const refCounterOffsets = [counter.inFile, counter.inFile].map(Number);
    await bpf.programs.user_functions.attach({ binary, offsets, refCounterOffsets, cookies: [4n, 5n] });
    expect(await running.ask('go')).toBe('2');
    expect(bpf.globals.bss).toMatchObject({ entries: 2n, cookie: 5n });
  });

  it('is sampled mostly where it works hard', async () => {
    const { address, size } = symbol('hot');
    const range = { hot_start: BigInt(address), hot_end: BigInt(address + size) };
    await using bpf = await only('sampled', range);
    await bpf.programs.sampled.attach({ event: 'task-clock', period: 1_000_000, pid: running.pid });
    await running.ask('work');
    const { hits, hot_hits } = bpf.globals.bss;
    expect(hits).toBeGreaterThan(10n);
    expect(Number(hot_hits) / Number(hits)).toBeGreaterThan(0.5);
  });
});
