/** Externs, struct_ops, tagged rings, and statics of one name: what libbpf reads from the same object. */
import { readFileSync } from 'node:fs';
import { expect, it, describe as suite } from 'vitest';
import { describeObject, emit, readModel } from '../../../lib/gen/index.js';
import { compile, run } from '../../support/clang.js';

const common = `
#define SEC(name) __attribute__((section(name), used))
#define __uint(name, value) int(*name)[value]
#define __kconfig __attribute__((section(".kconfig")))
#define __ksym __attribute__((section(".ksyms")))
#define __weak __attribute__((weak))
`;
const source = `${common}
enum libbpf_tristate { TRI_NO = 0, TRI_YES = 1, TRI_MODULE = 2 };
extern int LINUX_KERNEL_VERSION __kconfig;
extern enum libbpf_tristate CONFIG_BPF __kconfig;
extern unsigned long CONFIG_HZ __kconfig __weak;
extern char CONFIG_LOCALVERSION[16] __kconfig __weak;
extern _Bool CONFIG_BPF_SYSCALL __kconfig;
extern const void bpf_map_fops __ksym;
extern void kernel_function(int x) __ksym __weak;
struct event { int pid; char comm[16]; };
struct event *keep;
struct { __uint(type, 27); __uint(max_entries, 4096); } events SEC(".maps") __attribute__((btf_decl_tag("value:struct event")));
struct ops { int (*init)(void *ctx); unsigned long flags; char name[16]; };
SEC("struct_ops/init") int start(void *ctx) { return CONFIG_BPF + (CONFIG_HZ > 1) + CONFIG_LOCALVERSION[0] + CONFIG_BPF_SYSCALL; }
SEC(".struct_ops.link") struct ops mine = { .init = (void *)start, .flags = 5, .name = "mine" };
SEC("xdp") int pass(void *c) { if (kernel_function) kernel_function(1); return LINUX_KERNEL_VERSION + (long)&bpf_map_fops + (long)&events + (long)keep; }
`;
const { bytes } = compile(source);
const description = describeObject(bytes, 'x.bpf.o');

suite('an object that wants something of the kernel', () => {
  it('has its configuration as a section of globals, where libbpf puts them', () => {
    const kconfig = description.globals.kconfig ?? expect.fail();
    expect(kconfig.size).toBe(8 + 4 + 4 + 1 + 16);
    expect(
      Object.keys(kconfig.read(new DataView(new ArrayBuffer(kconfig.size)), 0, kconfig.size) as object),
    ).toEqual([
      'CONFIG_HZ',
      'CONFIG_BPF',
      'LINUX_KERNEL_VERSION',
      'CONFIG_BPF_SYSCALL',
      'CONFIG_LOCALVERSION',
    ]);
  });

  it('names its kernel symbols, and which may be missing', () => {
    expect(description.ksyms).toEqual({ bpf_map_fops: 'variable', kernel_function: 'weak function' });
    expect(emit(bytes, 'x.bpf.o')).toContain(
      "ksyms: { bpf_map_fops: 'variable', kernel_function: 'weak function' }",
    );
  });

  it('has its struct_ops among the maps', () => {
    expect(description.maps.mine).toMatchObject({
      kind: 'struct_ops',
      value: { type: 'struct ops', size: 32 },
    });
  });

  it('says by a tag what its ring holds', () => {
    expect(description.maps.events?.value?.type).toBe('struct event');
    expect(describeObject(bytes, 'x', { types: { events: 'int' } }).maps.events?.value?.type).toBe('s32');
  });
});

suite('a linked object', () => {
  it('keeps static variables of one name apart', () => {
    const part = (n: number) => `${common}static volatile int calls = ${n}; static volatile int calls_2 = 9;
SEC("xdp") int p${n}(void *c) { return calls++ + calls_2++; }`;
    const [first, second] = [compile(part(3)).path, compile(part(4)).path];
    const path = `${first}.linked.o`;
    run('bpftool', 'gen', 'object', path, first, second);
    const [data] = readModel(readFileSync(path), 'x.bpf.o').globals;
    expect(data?.shape.members.map(({ name }) => name)).toEqual(['calls', 'calls_2', 'calls_3', 'calls_2_2']);
  });
});
