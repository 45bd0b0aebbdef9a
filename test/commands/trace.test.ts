/** `libbpf-ts trace`, as people type it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { traceFeatures } from 'libbpf-ts/trace';
import { describe, expect, it } from 'vitest';
import { checkout, ended } from '../support/child.js';
import { temporary } from '../support/temporary.js';

const main = join(checkout, 'dist/cli/main.js');
const cli = (...args: string[]) => ended(process.execPath, [main, 'trace', ...args], { cwd: checkout });

describe('libbpf-ts trace', () => {
  it('runs a script from the command line, with arguments', async () => {
    const script = 'begin { printf("%s %d %d\\n", str($1), $2, getopt("times", 1)); @x = 5; exit(3); }';
    const { code, stdout, stderr } = await cli('-e', script, 'one', '2', '--', '--times=7');
    expect({ code, stdout, stderr }).toEqual({
      code: 3,
      stdout: 'one 2 7\n\n\n@x: 5\n',
      stderr: 'Attached 1 probe\n',
    });
  });

  it('runs a file, and writes JSON into another', async () => {
    const [file, output] = [temporary('hello.bt'), temporary('hello.json')];
    writeFileSync(file, '#!/usr/bin/env bpftrace\n// a script\nBEGIN { @a[1, "x"] = count(); }\n');
    expect(await cli('-f', 'json', '-o', output, file)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(
      readFileSync(output, 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toEqual([
      { type: 'attached_probes', count: 1, data: { probes: 1 } },
      { type: 'map', data: { '@a': { '1,x': 1 } } },
    ]);
  });

  it('runs a command once all is attached, and ends with it', async () => {
    const script = 'tracepoint:syscalls:sys_enter_execve /pid == cpid/ { @ = count(); }';
    const { code, stdout } = await cli('-q', '-c', '/bin/true', '-e', script);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '\n\n@: 1\n' });
  });

  it('has the numbers of its own namespace in a container, and those of the machine', async () => {
    const script = 'begin { printf("%d %d %d %d", pid, tid(curr_ns), pid(init), tid(init)); exit(); }';
    const command = [process.execPath, main, 'trace', '-q', '-e', script];
    const { stdout } = await ended('unshare', ['--fork', '--pid', '--mount-proc', ...command], {
      cwd: checkout,
    });
    const [own, thread, outside, outsideThread] = stdout.trim().split(' ').map(Number);
    expect([own, thread]).toEqual([1, 1]);
    expect(outside).toBeGreaterThan(1);
    expect(outsideThread).toBe(outside);
  });

  it('ends with an error that shows the place', async () => {
    const { code, stderr } = await cli('-e', 'begin { pritnf("x"); }');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'stdin:1:9: ERR_BPF_ARGUMENT, there is no function pritnf\nbegin { pritnf("x"); }\n        ^^^^^^^^^^^',
    );
  });

  it('compiles without running, and shows its stages', async () => {
    const script = 'begin { print("said"); @x[pid] = count(); }';
    expect(await cli('--dry-run', '-e', script)).toMatchObject({ code: 0, stdout: '' });
    expect(await cli('-d', 'types', '-e', script)).toMatchObject({
      code: 0,
      stdout: '@x[uint32]: count_t\n',
    });
    expect((await cli('-d', 'asm', '-e', script)).stdout).toContain('call bpf_ringbuf_output');
    expect(JSON.parse((await cli('-d', 'ast', '-e', script)).stdout)).toMatchObject({
      probes: [{ points: [{ provider: 'begin' }] }],
    });
  });

  it('lists probes, and what of the language is there', async () => {
    expect((await cli('-l', 'tracepoint:sched:sched_switch')).stdout).toBe('tracepoint:sched:sched_switch\n');
    const { stdout } = await cli('--info');
    for (const { name, state } of traceFeatures())
      expect(stdout).toMatch(new RegExp(`${name.replace(/[^\\w ]/g, '.')} +${state}`));
  });

  it('refuses what it does not know', async () => {
    expect(await cli('-f', 'xml', '-e', 'begin { }')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--format takes text, json, not xml'),
    });
    expect(await cli()).toMatchObject({ code: 2, stderr: expect.stringContaining('give a script') });
  });
});
