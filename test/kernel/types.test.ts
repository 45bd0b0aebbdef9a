/** Types that the running kernel holds, and a kernel whose types come from a file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Btf, minimalBtf } from '../../lib/doors/btf.js';
import { btfs, kernelBtf, openBtf, openBtfSync } from '../../lib/doors/inspect.js';
import { load } from '../../lib/index.js';
import { compile, run } from '../support/clang.js';
import { need } from '../support/need.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-types-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('types in the kernel', () => {
  it('are those that bpftool lists', async context => {
    need(context, 'btf.name');
    const theirs = JSON.parse(run('bpftool', '-j', 'btf', 'list')) as {
      id: number;
      name?: string;
      size: number;
    }[];
    const ours: { id: number; name: string }[] = [];
    for await (const each of btfs()) ours.push(each);
    expect(ours.map(({ id }) => id)).toEqual(
      expect.arrayContaining(theirs.filter(({ name }) => name).map(({ id }) => id)),
    );
    const own = ours.find(({ name }) => name === 'vmlinux') ?? expect.fail();
    const btf = await openBtf({ id: own.id });
    expect(btf.count).toBe(kernelBtf().count);
    expect(btf.get('struct task_struct').size).toBe(kernelBtf().get('struct task_struct').size);
    expect(openBtfSync({ id: own.id }).count).toBe(btf.count);
    expect((await openBtf('/sys/kernel/btf/vmlinux')).count).toBe(btf.count);
  });

  it('that are not there are refused', async () => {
    await expect(openBtf({ id: 0x7fffffff })).rejects.toThrow(/open BTF 2147483647: ENOENT/);
    await expect(openBtf('/no/such/file')).rejects.toThrow(/open the BTF pinned to .no.such.file: ENOENT/);
    await expect(openBtf({ fd: 0 })).rejects.toThrow(/that descriptor is no BTF/);
    expect(() => kernelBtf('no_such_module')).toThrow(/ENOENT.*is it loaded/);
  });
});

const source = `
typedef unsigned int __u32; typedef unsigned long long __u64;
#define SEC(name) __attribute__((section(name), used))
#define __kconfig __attribute__((section(".kconfig")))
struct task_struct { int pid; struct task_struct *real_parent; } __attribute__((preserve_access_index));
extern int LINUX_KERNEL_VERSION __kconfig;
volatile int has_parent, parent_at, version;
SEC("raw_tp/sys_enter") int look(void *ctx) {
  struct task_struct *t = 0;
  has_parent = __builtin_preserve_field_info(t->real_parent, 2);
  parent_at = __builtin_preserve_field_info(t->real_parent, 0);
  version = LINUX_KERNEL_VERSION;
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

describe('an object', () => {
  const { bytes, path } = compile(source, 'bpf');

  it('reads the configuration of the kernel', async () => {
    await using bpf = await load(path);
    const [major = 0, minor = 0] = release().split('.').map(Number);
    const { LINUX_KERNEL_VERSION: version } = bpf.globals.kconfig as { LINUX_KERNEL_VERSION: number };
    expect([version >> 16, (version >> 8) & 255]).toEqual([major, minor]);
  });

  it('is relocated against the types of a file', async () => {
    const small = join(folder, 'small.btf');
    writeFileSync(small, minimalBtf(kernelBtf(), [Btf.fromBytes(bytes, 'x.bpf.o')]));
    expect(readFileSync(small).length).toBeLessThan(1000);
    const parent = kernelBtf().get('struct task_struct').member('real_parent').offset;
    expect(await relocated(small)).toEqual({ has: 1, at: parent });
    // Types that say something else than the kernel's show that they were used.
    const foreign = join(folder, 'foreign.btf');
    const other = compile(
      'struct task_struct { char gap[256]; struct task_struct *real_parent; int pid; } t;',
    );
    run(
      'objcopy',
      '-I',
      'elf64-little',
      '-O',
      'binary',
      '--only-section=.BTF',
      '--set-section-flags',
      '.BTF=alloc',
      other.path,
      foreign,
    );
    expect(await relocated(foreign)).toEqual({ has: 1, at: 256 });
  });

  it('names the file that is not there', async () => {
    await expect(load(path, {}, { btf: join(folder, 'nothing') })).rejects.toThrow(/ENOENT/);
  });

  /** What the instructions were changed to, as the kernel shows them. */
  async function relocated(btf: string) {
    await using bpf = await load(path, {}, { btf });
    const { id } = JSON.parse(run('bpftool', '-j', 'prog', 'list')).findLast(
      (each: { name: string }) => each.name === 'look',
    );
    const code = run('bpftool', 'prog', 'dump', 'xlated', 'id', `${id}`);
    expect(bpf.name).toMatch(/^object\d+$/);
    const constants = [...code.matchAll(/\(b[47]\) [rw]\d+ = (\d+)/g)].map(([, value]) => Number(value));
    return { has: Number(constants.includes(1)), at: constants.find(value => value > 16) };
  }
});
