/** `libbpf-ts init`: what it writes builds, passes its own test and shows something at once, whichever kind it is. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectKinds } from '../../lib/cli/init/kinds.js';
import { Cgroup } from '../support/cgroup.js';
import { checkout, ended } from '../support/child.js';
import { Namespace } from '../support/network.js';
import { firstLine, projectsFolder } from '../support/project.js';
import { temporary } from '../support/temporary.js';

const main = join(checkout, 'dist/cli/main.js');
const kinds = Object.keys(projectKinds);
const init = (...args: string[]) => ended(process.execPath, [main, 'init', ...args]);

describe('libbpf-ts init', () => {
  it('refuses to overwrite, and then writes nothing', async () => {
    const folder = temporary('mine');
    expect((await init(folder, '--kind', 'xdp')).code).toBe(0);
    const files = readdirSync(folder).sort();
    expect(files).toEqual([
      '.gitignore',
      'app.test.ts',
      'app.ts',
      'hello.bpf.c',
      'main.ts',
      'package.json',
      'tsconfig.json',
    ]);
    writeFileSync(join(folder, 'main.ts'), 'mine');
    const { stderr, code } = await init(folder, '--kind', 'tracepoint');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: begin a project in \S+: EEXIST, package\.json, .* are there already \(name another folder\)\n$/,
    );
    expect(readFileSync(join(folder, 'main.ts'), 'utf8')).toBe('mine');
    expect(readFileSync(join(folder, 'hello.bpf.c'), 'utf8')).toContain('SEC("xdp")');
  });

  it('names the kinds where it cannot ask', async () => {
    const folder = temporary('none');
    for (const [args, reason] of [
      [[], `give --kind, one of ${kinds.join(', ')}`],
      [['--kind', 'kprob'], `there is no kind kprob; there are ${kinds.join(', ')}`],
    ] as const) {
      const { stderr, code } = await init(folder, ...args);
      expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
    }
    expect(existsSync(folder)).toBe(false);
  });

  it('asks at a terminal', () => {
    const folder = temporary('asked');
    const command = `${process.execPath} ${main} init ${folder}`;
    const { stdout, status } = spawnSync('script', ['-qec', command, '/dev/null'], {
      input: 'cgroup\n',
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('Which kind of program? [tracepoint]')]);
    expect(readFileSync(join(folder, 'hello.bpf.c'), 'utf8')).toContain('SEC("cgroup/connect4")');
  });
});

describe('a project', () => {
  it('of every kind passes its own test, without root', async () => {
    const files = kinds.map(kind => join(projectsFolder, 'dist', kind, 'app.test.js'));
    const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath];
    const { stdout } = await ended('setpriv', [...nobody, '--test', ...files]);
    expect(stdout.match(/^# (pass|fail) \d+$/gm)).toEqual([`# pass ${kinds.length}`, '# fail 0']);
  });

  it('of kind iter lists the tasks, and ends', async () => {
    const { stdout, stderr, code } = await ended(process.execPath, [
      join(projectsFolder, 'dist/iter/main.js'),
    ]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(new RegExp(`^task ${process.pid} ${process.pid} \\S+`, 'm'));
  });

  it.each([
    ['tracepoint', /^node \(\d+\) opens \S+$/],
    ['uprobe', /^\S+ \(\d+\) opens \S+$/],
    ['usdt', /^python3\S* \(\d+\) imports \S+$/],
    ['perf_event', /^\S+ \(\d+\) runs on CPU \d+$/],
  ])('of kind %s shows something at once, and ends by Ctrl-C', async (kind, shown) => {
    const { line, errors, code } = await firstLine(kind);
    expect({ errors, code }).toEqual({ errors: '', code: 0 });
    expect(line).toMatch(shown);
  });

  it.each(['xdp', 'tc'])('of kind %s shows packets of an interface', async kind => {
    using network = new Namespace();
    const { line, errors, code } = await firstLine(kind, [], ['nsenter', `--net=${network.path}`]);
    expect({ errors, code }).toEqual({ errors: '', code: 0 });
    expect(line).toMatch(/^UDP from port \d+ to 9, 47 bytes$/);
  });

  it('of kind cgroup shows connections of its cgroup', async () => {
    await using cgroup = new Cgroup();
    const enter = ['sh', '-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', cgroup.path];
    const { line, errors, code } = await firstLine('cgroup', [cgroup.path], enter);
    expect({ errors, code }).toEqual({ errors: '', code: 0 });
    expect(line).toBe('to 127.0.0.1, port 9');
  });
});
