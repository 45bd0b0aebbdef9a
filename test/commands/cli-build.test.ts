/** `libbpf-ts build` and `generate`: objects, modules, clang's words, other processors, and files that change. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bpftool, checkout, type Ended, ended } from '../support/child.js';
import { seconds } from '../support/time.js';

const main = join(checkout, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
const source = join(checkout, 'examples/execsnoop/execsnoop.bpf.c');
afterAll(() => rmSync(folder, { recursive: true }));

function cli(...args: string[]): Promise<Ended> {
  return ended(process.execPath, [main, ...args], { cwd: folder });
}

/** A folder of its own with a copy of the example's source. */
function project(name: string, file = 'x.bpf.c'): string {
  const path = mkdtempSync(join(folder, name));
  cpSync(source, join(path, file));
  return path;
}

describe('libbpf-ts build', () => {
  it('writes the object and its module, the same twice, and nothing else', async () => {
    const [first, second] = [project('first'), project('second')];
    for (const path of [first, second]) {
      const { code, stdout, stderr } = await ended(process.execPath, [main, 'build', 'x.bpf.c'], {
        cwd: path,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^x\.bpf\.o {2}\d+\.\d kB\nx\.bpf\.ts {2}\d+\.\d kB\n$/);
      expect(readdirSync(path).sort()).toEqual(['x.bpf.c', 'x.bpf.o', 'x.bpf.ts']);
    }
    for (const file of ['x.bpf.o', 'x.bpf.ts']) {
      expect(readFileSync(join(first, file)).equals(readFileSync(join(second, file)))).toBe(true);
    }
  });

  it('drops DWARF and keeps BTF that bpftool reads, with relative paths', async () => {
    const path = project('object');
    await cli('build', join(path, 'x.bpf.c'), '-o', join(path, 'out'));
    const object = join(path, 'out/x.bpf.o');
    const sections = execFileSync('readelf', ['-SW', object], { encoding: 'utf8' });
    expect(sections).toContain(' .BTF ');
    expect(sections).not.toContain('.debug_');
    expect(statSync(object).size).toBeLessThan(60_000);
    const { types } = bpftool('btf', 'dump', 'file', object) as { types: { kind: string; name: string }[] };
    expect(types).toContainEqual(expect.objectContaining({ kind: 'STRUCT', name: 'event', size: 56 }));
    expect(readFileSync(object).includes(folder)).toBe(false);
  });

  it("shows clang's messages, with file and line, and leaves the old files alone", async () => {
    const path = project('broken');
    const file = join(path, 'x.bpf.c');
    await cli('build', file);
    const old = readFileSync(join(path, 'x.bpf.ts'));
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nint broken = nothing;\n`);
    const { code, stdout, stderr } = await cli('build', file);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const lines = readFileSync(file, 'utf8').split('\n').length - 1;
    expect(stderr).toContain(`${file}:${lines}:14: error: use of undeclared identifier 'nothing'`);
    expect(stderr).toMatch(/\nerror: compile .*x\.bpf\.c: clang failed\n$/);
    expect(readFileSync(join(path, 'x.bpf.ts')).equals(old)).toBe(true);
  });

  it('shows the warnings that say why what clang made cannot be linked', async () => {
    const path = mkdtempSync(join(folder, 'undeclared'));
    const file = join(path, 'x.bpf.c');
    writeFileSync(
      file,
      '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\nSEC("xdp") int run(void *ctx) { return bpf_undeclared(1); }\n',
    );
    const { code, stderr } = await cli('build', file, '--', '-Wno-error=implicit-function-declaration');
    expect(code).toBe(1);
    expect(stderr).toMatch(/x\.bpf\.c:3:\d+: warning: .*'bpf_undeclared'/);
    expect(stderr).toMatch(
      /\nerror: compile .*x\.bpf\.c: ERR_BPF_CLANG, clang warned, and what it made cannot be linked: link 1 objects: /,
    );
  });

  it('says which enums of 8 bytes an old clang has cut, here and when it generates, and trusts none of their values', async () => {
    const path = mkdtempSync(join(folder, 'enums'));
    const file = join(path, 'x.bpf.c');
    const enums =
      'enum big { SMALL = 1, BIG = 0x100000001ULL } big = BIG; enum small { ONE = 1 } small = ONE;';
    writeFileSync(file, `${enums}\nint use(void) { return big + small; }\n`);
    const built = await cli('build', file);
    expect(built.code).toBe(0);
    const object = join(path, 'x.bpf.o');
    const { types } = bpftool('btf', 'dump', 'file', object) as { types: { kind: string; name: string }[] };
    const isCut = types.some(({ kind, name }) => kind === 'ENUM' && name === 'big');
    const generated = await cli('generate', object);
    const module = readFileSync(join(path, 'x.bpf.ts'), 'utf8');
    expect(module).toMatch(/small: \[\d+, Small\]/);
    const caution = /x\.bpf\.o: enum big has 8 bytes, .* clang 15 and newer keep all\n$/;
    for (const { stderr } of [built, generated]) {
      if (isCut) expect(stderr).toMatch(caution);
      else expect(stderr).toBe('');
    }
    expect(module).toMatch(isCut ? /big: \[\d+, u64\]/ : /big: \[\d+, Big\]/);
  });

  it('passes flags on, prefers a vmlinux.h beside the source, and takes another clang', async () => {
    const path = mkdtempSync(join(folder, 'own'));
    writeFileSync(join(path, 'vmlinux.h'), 'typedef int mine;\n');
    writeFileSync(join(path, 'y.bpf.c'), '#include "vmlinux.h"\nmine value = VALUE;\n');
    const args = ['build', join(path, 'y.bpf.c')];
    expect(await cli(...args, '--', '-DVALUE=7')).toMatchObject({ code: 0, stderr: '' });
    expect((await cli(...args, '--clang', 'clang-0')).stderr).toMatch(
      /^error: find clang: ERR_BPF_CLANG, clang-0 is/,
    );
    const version = /version (\d+)/.exec(execFileSync('clang', ['--version'], { encoding: 'utf8' }))?.[1];
    const numbered = await cli(...args, '--clang', `clang-${version}`, '--', '-DVALUE=8');
    expect(numbered).toMatchObject({ code: 0, stderr: '' });
    expect((await cli(...args)).stderr).toContain("undeclared identifier 'VALUE'");
  });

  it('gives types and fields the forms that were chosen, and says which there are', async () => {
    const path = mkdtempSync(join(folder, 'forms'));
    const file = join(path, 'f.bpf.c');
    writeFileSync(
      file,
      `struct event { unsigned long long at; unsigned int from; enum mode { READ = 1, WRITE = 2 } mode; };
      struct { int (*type)[27]; int (*max_entries)[4096]; } ring __attribute__((section(".maps"), used));
      struct event *keep __attribute__((unused));\n`,
    );
    const build = (...forms: string[]) =>
      cli('build', file, '--type', 'ring=struct event', ...forms.flatMap(form => ['--form', form]));
    expect(await build('all=number', 'event.from=ipv4', 'enum mode=flags')).toMatchObject({
      code: 0,
      stderr: '',
    });
    const module = readFileSync(join(path, 'f.bpf.ts'), 'utf8');
    expect(module).toContain('  at: number;\n  from: string;\n  mode: Mode;');
    expect(module).toContain("flags('enum mode', u32, { READ: 1, WRITE: 2 })");
    expect(module).toContain("map('ringbuf', undefined, Event)");
    expect((await build('event.from=ip')).stderr).toMatch(
      /--form event\.from takes bigint, .*, not ip \(see/,
    );
    expect((await build('all=ipv4')).stderr).toMatch(/--form all takes bigint, number, rounded, not ipv4/);
    expect((await build('event.form=ipv4')).stderr).toMatch(
      /field event\.form is in no type that the object uses/,
    );
    expect((await build('ipv4')).stderr).toMatch(/--form takes NAME=VALUE, not ipv4/);
  });

  it('compiles for several processors; the module loads the object of this one', async () => {
    const path = mkdtempSync(join(checkout, 'build/target-'));
    try {
      cpSync(source, join(path, 'x.bpf.c'));
      const targets = ['--target', 'x64,arm64'];
      expect(await cli('build', ...targets, join(path, 'x.bpf.c'))).toMatchObject({ code: 0, stderr: '' });
      expect(readdirSync(path).sort()).toEqual(['x.bpf.arm64.o', 'x.bpf.c', 'x.bpf.ts', 'x.bpf.x64.o']);
      const { x } = await import(join(path, 'x.bpf.ts'));
      await using bpf = await x.load();
      expect(bpf.programs).toHaveProperty('enter_execve');
      const unknown = await cli('build', '--target', 'x64,vax', join(path, 'x.bpf.c'));
      expect(unknown).toMatchObject({ code: 1, stdout: '' });
      expect(unknown.stderr).toMatch(/^error: .*vax/);
    } finally {
      rmSync(path, { recursive: true });
    }
  });

  it('builds again whenever a file changes, errors included, until Ctrl-C', async () => {
    const path = mkdtempSync(join(folder, 'watched'));
    const [file, header] = [join(path, 'z.bpf.c'), join(path, 'z.h')];
    writeFileSync(header, '#define START 1\n');
    writeFileSync(file, '#include "z.h"\nint a = START;\n');
    const child = spawn(process.execPath, [main, 'build', '--watch', file]);
    const text = collected(child);
    const builds = () => text().match(/z\.bpf\.ts/g)?.length;
    await expect.poll(builds, { timeout: seconds(10) }).toBe(1);
    writeFileSync(header, '#define START oops\n');
    await expect.poll(text, { timeout: seconds(10) }).toContain("undeclared identifier 'oops'");
    writeFileSync(`${header}.new`, '#define START 2\n');
    execFileSync('mv', [`${header}.new`, header]);
    await expect.poll(builds, { timeout: seconds(10) }).toBe(2);
    child.kill('SIGINT');
    expect(await new Promise(resolve => child.on('exit', resolve))).toBe(0);
  });
});

describe('libbpf-ts generate', () => {
  it('writes what build writes, and knows when it is stale', async () => {
    const path = project('generated');
    const [object, module] = [join(path, 'x.bpf.o'), join(path, 'x.bpf.ts')];
    await cli('build', join(path, 'x.bpf.c'));
    const built = readFileSync(module);
    expect(await cli('generate', '--check', object)).toMatchObject({ code: 0, stderr: '' });
    rmSync(module);
    expect((await cli('generate', '--check', object)).code).toBe(1);
    expect(await cli('generate', object)).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(module).equals(built)).toBe(true);
    const line = built
      .toString()
      .split('\n')
      .findIndex(text => text.includes('ppid: number'));
    writeFileSync(module, built.toString().replace('ppid: number', 'parent: number'));
    const { code, stderr } = await cli('generate', '--check', object);
    expect(code).toBe(1);
    expect(stderr).toContain(`line ${line + 1} is "  parent: number;", should be "  ppid: number;"`);
  });
});

/** Everything that a child has said so far, on either stream. */
function collected(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (text += chunk));
  return () => text;
}
