/** Names of kernel addresses, beside those that the kernel itself prints. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatFrame, symbolize } from 'libbpf-ts/symbols';
import { describe, expect, it } from 'vitest';
import { stacks } from '../../bpf/stacks.bpf.js';

/** Addresses from all over the kernel: of every 97th line of its list, and some bytes behind. */
function addresses(): bigint[] {
  const lines = readFileSync('/proc/kallsyms', 'utf8').trimEnd().split('\n');
  const sampled = lines.filter((line, i) => i % 97 === 0 && / [tTwW] /.test(line));
  return sampled.map((line, i) => BigInt(`0x${line.split(' ')[0]}`) + BigInt(i % 7));
}

describe('kernel addresses', () => {
  it('are named as the kernel names them in an oops', async () => {
    await using bpf = await stacks.load();
    const given = addresses();
    const frames = await symbolize('kernel', given, { returnAddresses: false });
    const named: string[] = [];
    for (const address of given) {
      bpf.globals.bss.address = address;
      bpf.programs.name_address.testRunSync();
      // `function+0x12/0x80`, and the module behind it.
      named.push(bpf.globals.bss.text.replace(/\/0x[0-9a-f]+/, ''));
    }
    expect(given.length).toBeGreaterThan(500);
    expect(frames.map(frame => formatFrame(frame).replace(/ \[kernel\]$/, ''))).toEqual(named);
  });

  it('of a BPF program are its, as bpftool lists it, once the last reading of the list is a second old', async () => {
    await symbolize('kernel', [0n]);
    await using bpf = await stacks.load();
    await sleep(1000);
    const { id } = bpf.programs.sample.info;
    const [line = ''] =
      readFileSync('/proc/kallsyms', 'utf8').match(/^.*bpf_prog_\w+_sample\t\[bpf\]$/m) ?? [];
    const [frame] = await symbolize('kernel', [BigInt(`0x${line.split(' ')[0]}`) + 4n]);
    const shown = JSON.parse(
      execFileSync('bpftool', ['-j', 'prog', 'show', 'id', String(id)], { encoding: 'utf8' }),
    );
    expect(frame).toMatchObject({ kind: 'bpf', name: shown.name, module: '[bpf]', offset: 4 });
    expect(frame?.symbol).toBe(`bpf_prog_${shown.tag}_${shown.name}`);
  });

  it('that are none are unknown', async () => {
    const frames = await symbolize('kernel', [0n, 4096n, 0xffff_ffff_ffff_fff0n]);
    expect(frames.map(({ kind, name }) => [kind, name])).toEqual(Array(3).fill(['unknown', undefined]));
    expect(frames.map(formatFrame)).toEqual(['0x0', '0x1000', '0xfffffffffffffff0']);
  });

  it('are refused where they are nonsense', async () => {
    await expect(symbolize('kernel', [1 as never])).rejects.toThrow(
      /ERR_BPF_ARGUMENT.*a bigint or a StackFrame/,
    );
    await expect(symbolize('kernle' as never, [])).rejects.toThrow(/ERR_BPF_ARGUMENT.*'kernel' or { pid }/);
  });
});
