/** What is in the kernel at the command line: list, show, top; and for those who may not see it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { LoadedObject } from 'libbpf-ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspected } from '../bpf/inspected.bpf.js';
import { bpftool, checkout, ended, runScript } from '../support/child.js';

const cli = (...args: string[]) => ended(process.execPath, ['dist/cli/main.js', ...args], { cwd: checkout });
const json = async (...args: string[]) => JSON.parse((await cli(...args, '--json')).stdout);

let bpf: LoadedObject<typeof inspected.description>;
let id: number;

beforeAll(async () => {
  bpf = await inspected.load({ rodata: { target_pid: process.pid } });
  await bpf.attach();
  id = bpf.programs.count_calls_of_one_process.info.id;
});
afterAll(() => bpf.close());

describe('libbpf-ts list', () => {
  it('has what bpftool has, for people and as JSON', async () => {
    const { stdout, stderr, code } = await cli('list');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { tag } = bpftool('prog', 'show', 'id', `${id}`) as { tag: string };
    expect(stdout).toMatch(new RegExp(`^ *${id}  raw_tracepoint +count_calls_of_one_process +${tag} `, 'm'));
    expect(stdout).toMatch(/^ *\d+ +raw_tracepoint +\d+ +sys_enter$/m);
    const { programs, maps, ...rest } = await json('list', 'programs', 'maps');
    expect(rest).toEqual({});
    const { mapIds } = programs.find((each: { id: number }) => each.id === id);
    expect(maps.map((each: { id: number }) => each.id)).toEqual(expect.arrayContaining(mapIds));
  });

  it('says what it cannot list', async () => {
    const { code, stderr } = await cli('list', 'cows');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /there are no cows to list; there are programs, maps, links, btfs, hooks, pins, holders|links, btfs, hooks, holders, pins/,
    );
  });
});

describe('libbpf-ts show', () => {
  it('has a program with its links and holders', async () => {
    const [found, ...others] = await json('show', 'program', `${id}`);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ kind: 'program', info: { id }, links: [{ programId: id }], hooks: [] });
    expect(found.holders.map(({ pid }: { pid: number }) => pid)).toContain(process.pid);
    const { stdout } = await cli('show', 'program', 'count_calls_of_one_process');
    expect(stdout).toMatch(new RegExp(`^ {2}held by +.* \\(${process.pid}\\), descriptor \\d+$`, 'm'));
  });

  it('has a map and types with the programs that use them', async () => {
    const [map] = await json('show', 'map', `${bpf.maps.calls.info.id}`);
    expect(map.programIds).toEqual([id]);
    const [btf] = await json('show', 'btf', `${map.info.btfId}`);
    expect(btf.programIds).toEqual([id]);
    expect(btf.mapIds).toContain(map.info.id);
  });

  it('says what is not there', async () => {
    const { code, stderr } = await cli('show', 'map', 'no_such_map');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: show map no_such_map: ENOENT.*libbpf-ts list maps/);
    expect((await cli('show', 'cow', '1')).stderr).toMatch(/there are program, map, link, btf/);
  });
});

describe('libbpf-ts dump', () => {
  it('has instructions with their source, and the names of maps', async () => {
    const { stdout, stderr } = await cli('dump', 'program', `${id}`);
    expect(stderr).toBe('');
    const text = execFileSync('bpftool', ['prog', 'dump', 'xlated', 'id', `${id}`], { encoding: 'utf8' });
    const insns = (from: string) =>
      [...from.matchAll(/^ *(\d+: \(.+?) *(?:; .*)?$/gm)].map(([, insn]) => insn);
    expect(insns(stdout)).toEqual(insns(text));
    expect(stdout).toMatch(/^int remember\(__u64 id\):\n; last = id; \(.*inspected\.bpf\.c:19\)$/m);
    expect(stdout).toMatch(/= map\[id:\d+\] +; calls$/m);
  });

  it('has machine code as bytes between its source', async () => {
    const { stdout } = await cli('dump', 'program', `${id}`, '--jited');
    expect(stdout).toMatch(/^bpf_prog_\w{16}_remember: 0x[0-9a-f]{16}$/m);
    expect(stdout).toMatch(/^; last = id; /m);
    expect(stdout).toMatch(/ ; calls bpf_get_current_pid_tgid$/m);
    expect(stdout).toMatch(/ ; calls bpf_prog_\w{16}_remember$/m);
    const { jited } = await json('dump', 'program', `${id}`);
    const hex = stdout.matchAll(/^ *[0-9a-f]+: ((?:[0-9a-f]{2} ?)+)(?: ; calls \w+)?$/gm);
    expect(Array.from(hex, ([, line = '']) => line.replaceAll(' ', '')).join('')).toBe(
      jited.map(({ code }: { code: string }) => code).join(''),
    );
  });

  it('has the entries of maps and sections, and types as C', async () => {
    const entries = await json('dump', 'map', `${bpf.maps.calls.info.id}`);
    const values = entries.entries.map(({ value }: { value: string }) => BigInt(value));
    expect(values).toContain(0x1234567890abcdefn);
    const { mapIds, btfId } = bpf.programs.count_calls_of_one_process.info;
    const sections = await Promise.all(mapIds.map(mapId => cli('dump', 'map', `${mapId}`)));
    expect(sections.map(({ stdout }) => stdout).join('')).toContain(`target_pid=${process.pid}`);
    expect((await cli('dump', 'btf', `${btfId}`)).stdout).toMatch(/^struct bpf_raw_tracepoint_args \{$/m);
  });
});

describe('libbpf-ts top', () => {
  it('measures runs, times and shares', async () => {
    const measured = cli('top', '--json', '-i', '0.3', '-n', '2');
    const rows = (await measured).stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      const usage = row.find((each: { program: { id: number } }) => each.program.id === id);
      expect(usage.cpu).toBeGreaterThan(0);
      expect(Number(usage.runs)).toBeGreaterThan(0);
    }
    const { stdout } = await cli('top', '-i', '0.1', '-n', '1');
    expect(stdout).toMatch(/^ *ID +CPU % +RUNS\/S +NS\/RUN/);
    expect(stdout).toContain('count_calls_of_one_process');
  });
});

describe('a process without rights', () => {
  it('is told what it takes to see', async () => {
    const script = `
      import { enableStats, holders, programs } from 'libbpf-ts/inspect';
      const refused = promise => promise.catch(({ message }) => console.log(message));
      await refused(programs().next());
      await refused(enableStats());
      console.log((await holders()).hidden.join());
    `;
    const powerless = ['setpriv', '--inh-caps=-all', '--bounding-set=-all'];
    const { stdout, stderr } = await runScript(script, [], powerless);
    expect(stderr).toBe('');
    const [list, stats, hidden] = stdout.split('\n');
    expect(list).toMatch(/^list the programs in the kernel: EPERM.*CAP_SYS_ADMIN/);
    expect(stats).toMatch(/^enable statistics of programs: EPERM.*CAP_SYS_ADMIN/);
    expect(hidden).toMatch(/\d+ processes of others cannot be looked into; it takes CAP_SYS_PTRACE/);
  });

  it('is shown instructions without addresses, and told why', async () => {
    const setting = (name: string) => Number(readFileSync(`/proc/sys/kernel/${name}`, 'utf8'));
    const toAll = setting('kptr_restrict') === 0 && setting('perf_event_paranoid') <= 1;
    const powerless = ['setpriv', '--inh-caps=-syslog', '--bounding-set=-syslog'];
    const { stdout, stderr } = await runScript(
      `import { dumpProgram } from 'libbpf-ts/inspect';
       const { xlated, jited, hidden } = await dumpProgram({ id: ${id} });
       console.log(JSON.stringify({ first: xlated[0].text, jited: jited.length, hidden }));`,
      [],
      powerless,
    );
    expect(stderr).toBe('');
    const { first, jited, hidden } = JSON.parse(stdout);
    expect(first).toMatch(/^r\d = r1$/);
    expect(jited).toBe(toAll ? 2 : 0);
    expect(hidden.join('\n')).toMatch(
      toAll ? /^$/ : /^machine code: .*CAP_SYSLOG.*\nnames of kernel functions: /,
    );
  });
});
