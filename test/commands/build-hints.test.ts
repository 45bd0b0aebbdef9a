/** `libbpf-ts build` of what newcomers write: the include that is missing, the section that is meant, each error once. */
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkout, type Ended, ended } from '../support/child.js';
import { clangs } from '../support/clangs.js';
import { temporary } from '../support/temporary.js';

const main = `${checkout}dist/cli/main.js`;

function built(source: string, ...args: string[]): Promise<Ended> {
  const file = temporary('hint.bpf.c');
  writeFileSync(file, `${source}\n`);
  return ended(process.execPath, [main, 'build', file, ...args]);
}

const vmlinux = '#include "vmlinux.h"\n';
const helpers = '#include <bpf/bpf_helpers.h>\n';

/** Their words differ; the advice must not. */
it.each(clangs)('names the headers that are missing, from the words of %s', async clang => {
  const program = `
SEC("kprobe/do_unlinkat") int BPF_KPROBE(unlinked, int dfd) {
  struct task_struct* task = (void*)bpf_get_current_task();
  return BPF_CORE_READ(task, tgid) + bpf_htons(ETH_P_IP) + PT_REGS_PARM1(ctx);
}
SEC("usdt//bin/x:a:b") int BPF_USDT(fired, int a) { return a; }`;
  const headers = [
    '#include <bpf/bpf_core_read.h> for BPF_CORE_READ',
    '#include <bpf/bpf_endian.h> for bpf_htons',
    expect.stringMatching(
      /^#include <bpf\/bpf_tracing.h> for (PT_REGS_PARM1, BPF_KPROBE|BPF_KPROBE, PT_REGS_PARM1)$/,
    ),
    '#include <bpf/usdt.bpf.h> for BPF_USDT',
    '#include <libbpf-ts.bpf.h> for ETH_P_IP',
  ];
  const { stderr, code } = await built(vmlinux + helpers + program, '--clang', clang);
  expect(code).toBe(1);
  const advice = /\nerror: compile \S+: clang failed \((.*)\)\n$/.exec(stderr)?.[1];
  expect(advice?.split('; ')).toEqual(headers);
  const bare = await built('SEC("xdp") int f(struct xdp_md* ctx) { return XDP_PASS; }', '--clang', clang);
  expect(bare.stderr).toMatch(
    /\(#include "vmlinux.h" for XDP_PASS; #include <bpf\/bpf_helpers.h> for SEC\)\n$/,
  );
  const late = await built(helpers + vmlinux, '--clang', clang);
  expect(late.stderr).toMatch(/clang failed \(include "vmlinux.h" before all others\)\n$/);
});

it('says an error once, and advises nothing where no header would help', async () => {
  const { stderr } = await built(
    `${vmlinux}${helpers}SEC("xdp") int f(void* ctx) { return nobody_has_this(1); }`,
  );
  expect(stderr.match(/nobody_has_this'/g)).toHaveLength(1);
  expect(stderr).toMatch(/error: .*'nobody_has_this'[\s\S]*\nerror: compile \S+: clang failed\n$/);
});

it('asks which section was meant, and builds all the same', async () => {
  const sections = [
    'tracepont/syscalls/sys_enter_getppid',
    'cgroup_skb/ingres',
    'xpd',
    'my_own/stuff',
    'tp/a/b',
    'xdp',
  ];
  const programs = sections.map((section, at) => `SEC("${section}") int f${at}(void* ctx) { return 0; }`);
  const { stderr, code } = await built(vmlinux + helpers + programs.join('\n'));
  expect(code).toBe(0);
  expect(
    stderr
      .replace(/^\S+: /gm, '')
      .trimEnd()
      .split('\n'),
  ).toEqual([
    'libbpf knows no section tracepont/syscalls/sys_enter_getppid, that of program f0 (is tracepoint meant?)',
    'libbpf knows no section cgroup_skb/ingres, that of program f1 (is cgroup_skb/ingress meant?)',
    'libbpf knows no section xpd, that of program f2 (is xdp meant?)',
    'libbpf knows no section my_own/stuff, that of program f3',
  ]);
});
