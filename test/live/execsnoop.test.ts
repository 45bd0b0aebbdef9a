/** The example against a workload with a known answer, rare ways to execute, and strace. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import type { LoadedObject } from 'libbpf-ts';
import { replacer } from 'libbpf-ts/codec';
import { describe, expect, it } from 'vitest';
import { type Event, execsnoop } from '../../examples/execsnoop/execsnoop.bpf.js';
import { type Execution, executeAll, executions, kept } from '../support/executions.js';
import { program } from '../support/program.js';
import { trials } from '../support/time.js';

type Execsnoop = LoadedObject<typeof execsnoop.description>;
type Settings = NonNullable<NonNullable<Parameters<typeof execsnoop.load>[0]>['rodata']>;

/** Follows this process and its children, and nothing else. */
async function following(settings: Settings = {}): Promise<Execsnoop> {
  const bpf = await execsnoop.load({ rodata: { tree_root: process.pid, ...settings } });
  await bpf.attach();
  return bpf;
}

/** Every event of some work. Each one that the kernel's side counted must have come. */
async function eventsOf(bpf: Execsnoop, work: () => Promise<unknown> | unknown): Promise<Event[]> {
  const events: Event[] = [];
  const reader = bpf.maps.events.events();
  const reading = (async () => {
    for await (const event of reader) events.push(event);
  })();
  try {
    await work();
  } finally {
    await reader.return?.();
    await reading;
  }
  events.push(...bpf.maps.events.drain());
  expect(bpf.globals.bss).toEqual({ sent: BigInt(events.length), dropped: 0n, untracked: 0n });
  return events;
}

function stringsOf({ args }: Event): string[] {
  return Buffer.from(args).toString().split('\0').slice(0, -1);
}

/** What an event must say of an execution, and what one did say. */
function expected(execution: Execution, pid: number) {
  const { text, truncated } = kept(execution);
  return { ...execution, args: execution.args.length, pid, text: text.toString('latin1'), truncated };
}

function seen(event: Event, executed: ReadonlySet<number>) {
  const text = Buffer.from(event.args).toString('latin1');
  const { retval, args_count: args, truncated } = event;
  const path = stringsOf(event)[0];
  return { path, args, retval, pid: executed.has(event.pid) ? event.pid : 0, text, truncated };
}

/** 200 executions, fewer on a slow machine. */
const rounds = trials(10);

describe('execsnoop', () => {
  it('sees each execution once and right: none lost, none invented', async () => {
    await using bpf = await following();
    const all = executions(rounds);
    let pids: number[] = [];
    const before = process.hrtime.bigint();
    const events = await eventsOf(bpf, async () => {
      pids = await executeAll(all);
    });
    const after = process.hrtime.bigint();
    expect(all.length).toBe(20 * rounds);
    const order = <T extends { text: string; path: string | undefined }>(rows: T[]) =>
      rows.sort((a, b) => (a.text < b.text ? -1 : 1));
    const wanted = order(all.map((execution, index) => expected(execution, pids[index] ?? 0)));
    const executed = new Set(pids.filter(pid => pid !== 0));
    expect(order(events.map(event => seen(event, executed)))).toEqual(wanted);
    for (const { ppid, uid, time, duration, comm, retval, ...rest } of events) {
      expect({ ppid, uid }).toEqual({ ppid: process.pid, uid: process.getuid?.() });
      expect(time > before && time + duration < after, JSON.stringify(rest, replacer)).toBe(true);
      if (retval === 0) expect(comm).toMatch(/^(true|script with a s)$/);
    }
    expect([...bpf.maps.tree.keys()]).toEqual([]);
    expect([...bpf.maps.pending.keys()]).toEqual([]);
  });

  it('sees what threads execute, execveat, and arguments that are not in memory yet', async () => {
    const rare = program(new URL('execsnoop.c', import.meta.url), ['-pthread']);
    await using bpf = await following();
    const events = await eventsOf(bpf, () => expect(spawnSync(rare).status).toBe(0));
    const rows = events.slice(1).map(event => {
      const { retval, args_count, at, unreadable, interpreted } = event;
      const flags = Object.entries({ at, unreadable, interpreted }).flatMap(([name, on]) =>
        on ? [name] : [],
      );
      return [...stringsOf(event), retval, args_count, ...flags];
    });
    expect(rows).toEqual([
      ['/bin/true', 'thread', 'second', 0, 2],
      ['', 'by descriptor', 0, 1, 'at'],
      ['/bin/true', 'paged out', '', 'end', 0, 3],
      ['/no/such/file', 'paged out', '', 'end', -2, 3],
      ['/bin/true', 'before', '', 'behind', -14, 3, 'unreadable'],
      ['/bin/true', '\ufffd\ufffd', 0, 1],
    ]);
    expect(events.every(({ ppid, pid }) => ppid !== pid && ppid !== 0)).toBe(true);
  });

  it('agrees with strace on path, arguments and result of a whole process tree', async () => {
    const script = `/bin/echo 'a b' "" 'ü'; (/bin/sh -c '/no/such; exec /bin/true x') ; ls /dev/null | cat; /dev/null`;
    await using bpf = await following();
    const strace = ['-f', '-qqq', '-xx', '-v', '-s', '4096', '-e', 'trace=execve', '-e', 'signal=none'];
    const output = `${process.env.TMPDIR ?? '/tmp'}/libbpf-ts-${process.pid}.strace`;
    const options = { env: { PATH: '/usr/bin:/bin' } };
    const events = await eventsOf(bpf, () =>
      spawnSync('strace', [...strace, '-o', output, 'sh', '-c', script], options),
    );
    const traced = straced(readFileSync(output, 'utf8'));
    rmSync(output);
    expect(traced.length).toBeGreaterThan(7);
    const ours = events.map(event => ({ pid: event.pid, strings: stringsOf(event), retval: event.retval }));
    const byPid = (a: { pid: number }, b: { pid: number }) => a.pid - b.pid;
    expect(ours.filter(({ strings }) => !strings[0]?.endsWith('/strace')).sort(byPid)).toEqual(
      traced.sort(byPid),
    );
  });

  it('follows orphans, and forgets each process when its last thread has ended', async () => {
    await using bpf = await following();
    const events = await eventsOf(bpf, async () => {
      const shell = spawn('/bin/sh', ['-c', '(sleep 0.2; exec /bin/true orphan) &'], { stdio: 'ignore' });
      await new Promise(resolve => shell.on('exit', resolve));
      expect([...bpf.maps.tree.keys()]).not.toEqual([]);
      await expect.poll(() => [...bpf.maps.tree.keys()]).toEqual([]);
    });
    expect(stringsOf(events.at(-1) as Event)).toEqual(['/bin/true', '/bin/true', 'orphan']);
    expect(events.at(-1)?.ppid).not.toBe(process.pid);
  });
});

describe('its filters', () => {
  const work = () => spawnSync('/bin/sh', ['-c', '/bin/true; /bin/echo; /no/such'], { stdio: 'ignore' });
  const paths = (events: Event[]) => events.map(event => stringsOf(event)[0]);

  it.each<[string, Settings, string[]]>([
    ['none', {}, ['/bin/sh', '/bin/true', '/bin/echo', '/no/such']],
    ['failures only', { failures_only: true }, ['/no/such']],
    ['name, as a prefix', { name: 'ec' }, ['/bin/echo']],
    ['name of a failed call: the caller', { name: 'sh' }, ['/bin/sh', '/no/such']],
    ['a user', { filter_uid: true, target_uid: 0 }, ['/bin/sh', '/bin/true', '/bin/echo', '/no/such']],
    ['another user', { filter_uid: true, target_uid: 65534 }, []],
    ['a process that executes nothing', { target_pid: process.pid }, []],
    ['a tree without us', { tree_root: 4194305 }, []],
  ])('%s', async (_, settings, wanted) => {
    await using bpf = await following(settings);
    expect(paths(await eventsOf(bpf, work))).toEqual(wanted);
  });

  it('one process', async () => {
    const shell = spawn('/bin/sh', ['-c', 'read line; /bin/echo; exec /bin/true'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await using bpf = await following({ target_pid: shell.pid ?? 0, tree_root: 0 });
    const events = await eventsOf(bpf, async () => {
      shell.stdin.end('\n');
      await new Promise(resolve => shell.on('exit', resolve));
    });
    expect(paths(events)).toEqual(['/bin/true']);
  });
});

/** Lines as `12 execve("\x61", ["\x62"], [...]) = -1 ENOENT (…)`, of which strace may split one in two. */
function straced(text: string) {
  const errnos: Readonly<Record<string, number>> = { ENOENT: -2, EACCES: -13 };
  const started = new Map<string, string>();
  return text.split('\n').flatMap(line => {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)/.exec(line) ?? [];
    if (rest.endsWith('<unfinished ...>')) started.set(pid, rest.replace(' <unfinished ...>', ''));
    const whole = rest.replace(/^<\.\.\. execve resumed>/, () => started.get(pid) ?? '');
    const [, path, args, error] = /^execve\("([^"]*)", \[(.*?)\], .* = (?:0|-1 (\w+).*)$/.exec(whole) ?? [];
    if (path === undefined || args === undefined) return [];
    const strings = [path, ...Array.from(args.matchAll(/"([^"]*)"/g), match => match[1] ?? '')].map(unhex);
    return [{ pid: Number(pid), strings, retval: error === undefined ? 0 : (errnos[error] ?? Number.NaN) }];
  });
}

function unhex(text: string): string {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex').toString();
}
