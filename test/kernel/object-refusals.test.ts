/** Objects that libbpf refuses with its least specific words: the error says what is meant, and what to do. */
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { type BpfError, load, open } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { BpfFileSystem } from '../support/bpffs.js';
import { ended } from '../support/child.js';
import { compile } from '../support/clang.js';

const prelude = `
#define SEC(name) __attribute__((section(name), used))
#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name
#define __ksym __attribute__((section(".ksyms")))
#define __kconfig __attribute__((section(".kconfig")))
char LICENSE[] SEC("license") = "GPL";
static void *(*const lookup)(void *map, const void *key) = (void *) 1;
`;
const program = (body: string) => `SEC("raw_tp/sys_enter") int p(void *ctx) { ${body} }\n`;
const usesMap = program('int key = 0; return lookup(&kept, &key) != 0;');
const map = (members: string, section = '.maps') =>
  `struct { ${members} } kept SEC("${section}");\n${usesMap}`;
const hash = '__uint(type, 1); __type(key, int); __type(value, int);';

/** Where libbpf looks for it. */
const hasConfiguration = [`/boot/config-${release()}`, '/proc/config.gz'].some(path => existsSync(path));

async function refusal(source: string): Promise<BpfError> {
  const { bytes } = compile(prelude + source);
  return load(bytes).then(
    () => expect.unreachable('it loads'),
    error => error,
  );
}

describe('an object', () => {
  it.each([
    [
      'without entries',
      map(hash),
      /EINVAL, the max_entries of map kept is 0 \(set it before load: opened\.maps\.kept\.maxEntries/,
    ],
    [
      'with a map of no type',
      map('__uint(max_entries, 1);'),
      /map kept has no type \(give it: __uint\(type, /,
    ],
    [
      'with legacy maps',
      map('int type, key_size, value_size, max_entries;', 'maps'),
      /it defines maps in SEC\("maps"\), as before libbpf 1\.0 \(define them as struct/,
    ],
    [
      'with an extern of nowhere',
      `extern int nowhere;\n${program('return nowhere;')}`,
      /nothing says where the extern nowhere comes from \(declare it __ksym/,
    ],
    [
      'with a kernel variable that is not there',
      `extern int no_such_variable __ksym;\n${program('return no_such_variable;')}`,
      /this kernel has no variable no_such_variable \(declare it __weak/,
    ],
    [
      'with an option that is not there',
      `extern int CONFIG_NO_SUCH_OPTION __kconfig;\n${program('return CONFIG_NO_SUCH_OPTION;')}`,
      hasConfiguration
        ? /configuration says nothing of CONFIG_NO_SUCH_OPTION \(open with kconfig: /
        : /finds no configuration of this kernel: .* \(open with kconfig: /,
    ],
  ])('%s is told so', async (_, source, text) => {
    const error = await refusal(source);
    expect(error.message).toMatch(text);
    expect(error.message).not.toMatch(/compiled with clang/);
  });
});

describe('a map that is pinned by its name', () => {
  const pinned = (entries: number) => compile(`${prelude}${map(`${hash} __uint(max_entries, ${entries}); __uint(pinning, 1);`)}`).bytes; // biome-ignore format: one line

  /** Where the object's name would have it, in a folder of our own. */
  async function loadedAt(path: string, entries: number) {
    const opened = await open(pinned(entries));
    opened.maps.kept?.pinTo(path);
    return opened;
  }

  it('is told of a folder that is in no BPF file system', async () => {
    const { bytes } = compile(`${prelude}${map(`${hash} __uint(max_entries, 1); __uint(pinning, 1);`)}`);
    const script = `
      import { load } from 'libbpf-ts';
      const bytes = Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64');
      await load(bytes).catch(error => console.log(error.message));`;
    const node = [process.execPath, '--input-type=module', '-e', script];
    const { stdout } = await ended('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs none /sys/fs/bpf; exec "$0" "$@"', ...node]); // biome-ignore format: one line
    expect(stdout).toMatch(
      /map kept is pinned by its name, and \/sys\/fs\/bpf is in no BPF file system \(mount -t bpf bpf/,
    );
  });

  it('is told in what the one there differs, and of a folder in its place', async () => {
    using files = new BpfFileSystem();
    const path = join(files.path, 'kept');
    const late = await loadedAt(path, 8);
    const blocked = await loadedAt(path, 4);
    await using _first = await (await loadedAt(path, 4)).load();
    await expect(late.load()).rejects.toThrow(
      `the map pinned to ${path} is another: maxEntries is 4, should be 8 (remove the file`,
    );
    await ended('rm', [path]);
    mkdirSync(path);
    await expect(blocked.load()).rejects.toThrow(`${path} is a folder (remove it`);
    rmdirSync(path);
    expect(dirname(path)).toBe(files.path);
  });
});

describe('without /proc', () => {
  it.each(['doctor()', 'holders()', 'pins().next()', 'hooks().next()'])(
    '%s names the file that it cannot read',
    async call => {
      const script = `
      import { BpfError } from 'libbpf-ts';
import { doctor } from 'libbpf-ts/features';
import { holders, hooks, pins } from 'libbpf-ts/inspect';
      import { execFileSync } from 'node:child_process';
      execFileSync('mount', ['-t', 'tmpfs', 'none', '/proc']);
      await ${call}.catch(error => console.log(error instanceof BpfError, error.message));`;
      const node = [process.execPath, '--input-type=module', '-e', script];
      const { stdout, stderr } = await ended('unshare', ['--mount', ...node]);
      expect([stdout, stderr]).toEqual([expect.stringMatching(/^true .*\/proc\/\S+/), '']);
    },
  );
});

it.each(['doctor()', 'holders()', 'pins().next()', 'hooks().next()'])(
  '%s without descriptors says so',
  async call => {
    const script = `
    import { closeSync, openSync } from 'node:fs';
    import { BpfError, libbpfVersion } from 'libbpf-ts';
import { doctor } from 'libbpf-ts/features';
import { holders, hooks, pins } from 'libbpf-ts/inspect';
    libbpfVersion();
    const held = [];
    try { for (;;) held.push(openSync('/dev/null')); } catch {}
    const outcome = await ${call}.then(() => 'nothing', error => [error instanceof BpfError, error.message].join(' '));
    for (const fd of held) closeSync(fd);
    console.log(outcome);`;
    const node = [process.execPath, '--input-type=module', '-e', script];
    const { stdout, stderr } = await ended('prlimit', ['--nofile=96', ...node]);
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^true .*EMFILE, too many open files/), '']);
  },
);
