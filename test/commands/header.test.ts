/** `libbpf-ts.bpf.h` in programs of others: beside definitions and headers of their own, with each clang that is here. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkout, ended } from '../support/child.js';
import { clangs } from '../support/clangs.js';
import { temporary } from '../support/temporary.js';

const main = `${checkout}dist/cli/main.js`;

/** What the compiler says, with each warning as an error. */
async function built(source: string, clang = 'clang'): Promise<string> {
  const file = temporary('header.bpf.c');
  writeFileSync(file, `${source}\nchar LICENSE[] SEC("license") = "GPL";\n`);
  const strict = ['--', '-Wall', '-Wextra', '-Wno-unused-parameter', '-Werror'];
  return (await ended(process.execPath, [main, 'build', file, '--clang', clang, ...strict])).stderr;
}

const vmlinux = '#include "vmlinux.h"';
const ours = '#include <libbpf-ts.bpf.h>';
const own = ['#define ETH_P_IP 0x0800', '#define TC_ACT_OK 0', '#define AF_INET 2', '#define EPERM 1'].join(
  '\n',
);
const use =
  'SEC("tc") int use(struct __sk_buff* ctx) { return ETH_P_IP + AF_INET - EPERM ? TC_ACT_OK : -1; }';

describe('libbpf-ts.bpf.h', () => {
  it.each(clangs)('is enough after vmlinux.h, for %s', async clang => {
    expect(await built(`${vmlinux}\n${ours}\n${use}`, clang)).toBe('');
  });

  it('goes together with what a program defines itself, before and behind', async () => {
    expect(await built(`${vmlinux}\n${own}\n${ours}\n${use}`)).toBe('');
    expect(await built(`${vmlinux}\n${ours}\n${own}\n${use}`)).toBe('');
    expect(await built(`${vmlinux}\n${own.replace('0x0800', '2048')}\n${ours}\n${use}`)).toBe('');
  });

  it("goes together with libbpf's headers in any order, and with the system's instead of vmlinux.h", async () => {
    const libbpf = ['core_read', 'endian', 'helpers', 'tracing'].map(name => `#include <bpf/bpf_${name}.h>`);
    const usdt = '#include <bpf/usdt.bpf.h>';
    expect(await built([vmlinux, ours, ...libbpf, usdt, use].join('\n'))).toBe('');
    expect(await built([vmlinux, ...libbpf, usdt, ours, use].join('\n'))).toBe('');
    const system = ['bpf', 'types', 'in', 'if_ether', 'ip', 'ipv6', 'in6', 'tcp', 'udp'].map(
      name => `#include <linux/${name}.h>`,
    );
    const packet =
      'SEC("xdp") int read(struct xdp_md* ctx) { struct packet packet = packet_of(ctx); __u16 type; return packet_ethernet(&packet, &type) ? XDP_PASS : XDP_DROP; }';
    expect(await built([...system, ours, '#include <libbpf-ts/packet.bpf.h>', use, packet].join('\n'))).toBe(
      '',
    );
  });
});
