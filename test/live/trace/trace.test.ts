/** Scripts in a program: what they count, say and leave. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { compileTrace, listTraceProbes, trace } from 'libbpf-ts/trace';
import { describe, expect, it } from 'vitest';
import { temporary } from '../../support/temporary.js';

/** A system call of this process. */
const callGetppid = () => process.ppid;

/** What a script says, to its end. */
async function texts(running: AsyncIterable<{ readonly text: string }>): Promise<string[]> {
  const all: string[] = [];
  for await (const { text } of running) all.push(text);
  return all;
}

describe('a script', () => {
  it('counts the calls of this process alone', async () => {
    await using running = await trace`
      tracepoint:syscalls:sys_enter_getppid /pid == ${process.pid}/ { @calls = count(); @names[comm, probe] = count(); }`;
    for (let at = 0; at < 25; at++) callGetppid();
    const comm = readFileSync(`/proc/self/comm`, 'utf8').trim();
    expect(running.maps).toEqual({
      calls: 25n,
      names: new Map([[[comm, 'tracepoint:syscalls:sys_enter_getppid'], 25n]]),
    });
  });

  it('gives values beside the text that it prints', async () => {
    await using running =
      await trace`begin { printf("%d %s", ${-5}, ${'a"b\\n; exit();'}); print((1, "x", true)); }`;
    const events = [];
    for await (const event of running) events.push(event);
    expect(events).toMatchObject([
      {
        type: 'printf',
        text: '-5 a"b\\n; exit();',
        values: [-5n, 'a"b\\n; exit();'],
        place: expect.stringMatching(/^trace:1:9-/),
      },
      { type: 'value', value: [1n, 'x', true], text: '(1, x, true)\n' },
    ]);
  });

  it('reads members of the kernel by BTF, and text of processes', async () => {
    const path = '/proc/self/comm';
    await using running = await trace`
      tracepoint:syscalls:sys_enter_openat /pid == ${process.pid}/ {
        if (str(args.filename) == ${path}) { printf("%s %d %s", comm, curtask.tgid, str(args.filename)); exit(); }
      }`;
    const comm = readFileSync(path, 'utf8').trim();
    const [said] = await texts(running);
    expect(said).toBe(`${comm} ${process.pid} ${path}`);
  });

  it('has loops in several programs of one kind', async () => {
    await using running = await trace`
      begin { @m[1] = 2; for ($kv : @m) { print($kv); } } end { for ($i : 0..2) { print($i); } clear(@m); }`;
    expect(await texts(running)).toEqual(['(1, 2)\n', '0\n', '1\n']);
  });

  it('shows addresses in hexadecimal, and gives them as numbers', async () => {
    await using running =
      await trace`begin { $p = (int32 *)${48}; $p += 2; print($p); printf("%d %p", $p, $p); }`;
    const events = [];
    for await (const event of running) events.push(event);
    expect(events).toMatchObject([
      { text: '0x38\n', value: 56n },
      { text: '56 0x38', values: [56n, 56n] },
    ]);
  });

  it('has parameters as text, as numbers of C, and as a probe', async () => {
    const script =
      '$4 { printf("%d %s %s %s", $1, str($1), str($2 + 2), str($3)); print(getopt("off", true)); }';
    const running = await compileTrace(script, {
      arguments: ['0775', 'hello', '7', 'begin', '--off=False'],
    }).start();
    await using _ = running;
    expect(await texts(running)).toEqual(['509 0775 llo 7', 'false\n']);
  });

  it('takes what a block ends with as its value', async () => {
    await using running = await trace`begin {
      @average = { let $a = ${40}; avg($a + 4) };
      print(if (@x == 0) { if (${1}) { "one" } else { "two" } } else { "three" });
      @x = 0; if (@x) { if (1) { @x = 1; } else { "text" } } else { print((1, 2, 3)[1 + 1]); } }`;
    expect(await texts(running)).toEqual(['one\n', '3\n', '@average: 44\n', '@x: 0\n']);
  });

  it('joins arguments up to the last, and not what is behind them', async () => {
    await using running = await trace`
      tracepoint:syscalls:sys_enter_execve /comm == "join-of-trace"/ { join(args.argv, ","); }`;
    copyFileSync('/usr/bin/env', temporary('join-of-trace'));
    execFileSync(temporary('join-of-trace'), ['/bin/true', 'a', 'b']);
    running.stop();
    expect(await texts(running)).toEqual(['/bin/true,a,b\n']);
  });

  it('does what was said before its end, and no more', async () => {
    await using running = await trace({ unsafe: true })`
      tracepoint:sched:sched_switch { printf("x"); } end { printf("end"); }`;
    running.stop();
    expect((await texts(running)).at(-1)).toBe('end');
  });

  it('ends by its signal, and says its end', async () => {
    const controller = new AbortController();
    await using running = await trace({ signal: controller.signal })`
      interval:ms:10 { @ticks = count(); } end { printf("bye"); clear(@ticks); }`;
    setTimeout(() => controller.abort(), 60);
    expect(await texts(running)).toEqual(['bye']);
  });

  it('gives exit codes, and has no second loop', async () => {
    await using running = await trace`begin { exit(${7}); }`;
    expect(await texts(running)).toEqual([]);
    expect(running.exitCode).toBe(7);
    expect(() => running[Symbol.asyncIterator]()).toThrow('ERR_BPF_BUSY, a loop reads it already');
  });

  it('traces functions of libraries, with arguments', async () => {
    // A program's name is its file's; env sets its locale first, by this variable.
    copyFileSync('/usr/bin/env', temporary('env-of-trace'));
    await using running =
      await trace`uprobe:libc:getenv /comm == "env-of-trace"/ { @[str(arg0)] = count(); }`;
    execFileSync(temporary('env-of-trace'), ['-i', 'true']);
    const asked = running.maps[''] as ReadonlyMap<string, bigint>;
    expect(asked.get('LC_ALL')).toBeGreaterThan(0n);
  });

  it('divides by nothing as bpftrace does', async () => {
    await using running = await trace`begin { $z = 0; print(5 / $z); print(5 % $z); print(-7 / 2); }`;
    expect(await texts(running)).toEqual(['1\n', '1\n', '-3\n']);
  });

  it('names kernel stacks where symbols are known', async () => {
    await using running = await trace`
      tracepoint:syscalls:sys_enter_getppid /pid == ${process.pid}/ { print(kstack(3)); exit(); }`;
    callGetppid();
    expect((await texts(running)).join('')).toMatch(/^\n( {8}\S+\n){1,3}\n$/);
  });

  it('says how much was lost where nobody read', async () => {
    await using running = await trace`
      begin { for ($i : 0..100000) { printf("%s", "a text that takes some room in the ring"); } }`;
    const said = await texts(running);
    expect(running.lost).toBeGreaterThan(0);
    expect(said.length + running.lost).toBe(100_000);
    expect(running.losses).toEqual([
      { place: expect.stringMatching(/^trace:2:\d+-\d+$/), count: running.lost },
    ]);
  });
});

describe('a map that is full', () => {
  it('is told with its place, and how many values found no room', async () => {
    await using running = await trace`
      let @small = hash(3); begin { for ($i : 0..10) { @small[$i] = 1; @counts[$i] = count(); @small[0] = 2; } }`;
    expect(await texts(running)).toHaveLength(2);
    expect(running.losses).toEqual([
      { place: expect.stringMatching(/^trace:2:\d+-\d+$/), count: 7, map: 'small', room: 3 },
    ]);
    expect(running.lost).toBe(0);
  });
});

describe('before it runs', () => {
  it('lists what can be traced', () => {
    const listed = execFileSync('ls', ['/sys/kernel/tracing/events/sched'], { encoding: 'utf8' });
    const folders = listed.split('\n').filter(name => name.startsWith('sched_process_'));
    expect(listTraceProbes('tracepoint:sched:sched_process_*')).toEqual(
      folders.map(name => `tracepoint:sched:${name}`),
    );
  });

  it('lists what args has', () => {
    const [probe, ...fields] = listTraceProbes('tracepoint:sched:sched_process_exit', { fields: true });
    const format = readFileSync('/sys/kernel/tracing/events/sched/sched_process_exit/format', 'utf8');
    expect(probe).toBe('tracepoint:sched:sched_process_exit');
    const own = format.split('\n').filter(line => /field:/.test(line) && !/common_/.test(line));
    expect(fields).toEqual(own.map(line => `    ${line.replace(/^\s*field:|;.*/g, '')}`));
  });

  it('resolves patterns', () => {
    const { probes } = compileTrace('tracepoint:sched:sched_process_e* { @[probe] = count(); }');
    expect(probes).toContain('tracepoint:sched:sched_process_exec');
    expect(probes).toContain('tracepoint:sched:sched_process_exit');
  });

  it('resolves patterns of raw tracepoints, as bpftool shows their types', () => {
    const dump = ['btf', 'dump', 'file', '/sys/kernel/btf/vmlinux'];
    const text = execFileSync('bpftool', dump, { encoding: 'utf8', maxBuffer: 2 ** 28 });
    const names = Array.from(text.matchAll(/TYPEDEF 'btf_trace_(sched_process_\w+)'/g), ([, name]) => name);
    const { probes } = compileTrace('rawtracepoint:sched_process_* { @[probe] = count(); }');
    expect(names.length).toBeGreaterThan(2);
    expect([...probes].sort()).toEqual(names.map(name => `rawtracepoint:vmlinux:${name}`).sort());
  });
});
