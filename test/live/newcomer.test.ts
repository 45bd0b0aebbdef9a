/** What `libbpf-ts.bpf.h` brings, in the kernel: filters, histograms, and packets that the kernel itself has made. */
import { execFileSync } from 'node:child_process';
import { cgroupId, type PerCpuArray, readHistogram } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { newcomer } from '../bpf/newcomer.bpf.js';
import { Cgroup } from '../support/cgroup.js';
import { ended } from '../support/child.js';
import { callGetppid, getppid } from '../support/getppid.js';
import { need } from '../support/need.js';
import { Cable } from '../support/network.js';
import { loadOnly } from '../support/only.js';

/** Python calls getppid(2) as often as is said. */
const python = (times: number) => ['-c', `import os\nfor i in range(${times}): os.getppid()`];

interface Filter {
  readonly filter_pid?: number;
  readonly filter_tree?: number;
  readonly filter_cgroup?: bigint;
}

/** Attached, and counting the calls of whom the filter lets through. */
async function filtered(filter: Filter) {
  const opened = await newcomer.open();
  for (const name of ['read_frame', 'read_skb'] as const) opened.programs[name].autoload = false;
  Object.assign(opened.globals.rodata, filter, { watched: BigInt(getppid) });
  const bpf = await opened.load();
  await bpf.programs.entered.attach();
  return bpf;
}

describe('FILTER_SELF', () => {
  it('lets one process through', async context => {
    need(context, 'raw_tp');
    await using bpf = await filtered({ filter_pid: process.pid });
    execFileSync('python3', python(50));
    callGetppid(7);
    expect(bpf.globals.bss.calls).toBe(7n);
  });

  it('lets a process and its descendants through, and nobody else', async context => {
    need(context, 'raw_tp');
    await using bpf = await filtered({ filter_tree: process.pid });
    execFileSync('sh', ['-c', 'python3 "$@" & wait', 'sh', ...python(50)]);
    callGetppid(7);
    // The shell and Python may ask too while they start.
    const tree = bpf.globals.bss.calls;
    expect(tree).toBeGreaterThanOrEqual(57n);
    await using other = await filtered({ filter_tree: 0x3fff_ffff });
    callGetppid(7);
    expect(other.globals.bss.calls).toBe(0n);
  });

  it('lets a cgroup and those below through', async context => {
    need(context, 'raw_tp');
    await using outer = new Cgroup();
    await using inner = new Cgroup(outer.path);
    await using aside = new Cgroup();
    await using bpf = await filtered({ filter_cgroup: cgroupId(outer.path) });
    for (const group of [outer, inner])
      expect((await group.run(undefined, 'python3', ...python(50))).code).toBe(0);
    const calls = bpf.globals.bss.calls;
    expect(calls).toBeGreaterThanOrEqual(100n);
    await aside.run(undefined, 'python3', ...python(50));
    callGetppid(50);
    expect(bpf.globals.bss.calls).toBe(calls);
  });

  it('numbers a cgroup as the directory is, and refuses others', async () => {
    await using group = new Cgroup();
    expect(cgroupId(group.path)).toBe(BigInt((await ended('stat', ['-c', '%i', group.path])).stdout));
    expect(() => cgroupId('/proc')).toThrow(/^number cgroup \/proc: EBADF, it is no cgroup v2 directory/);
    expect(() => cgroupId('/nowhere')).toThrow(/^number cgroup \/nowhere: ENOENT, /);
  });
});

describe('HISTOGRAM', () => {
  it('counts each value in the bucket that has it, and the buckets touch', async context => {
    need(context, 'raw_tp');
    await using bpf = await filtered({ filter_pid: process.pid });
    expect(await readHistogram(bpf.maps.sizes)).toEqual([]);
    const values = [
      0n,
      1n,
      2n,
      3n,
      4n,
      7n,
      8n,
      1000n,
      1024n,
      2n ** 32n - 1n,
      2n ** 32n,
      2n ** 63n,
      2n ** 64n - 1n,
    ];
    for (const value of values) {
      bpf.globals.bss.value = value;
      callGetppid(1);
    }
    const buckets = await readHistogram(bpf.maps.sizes);
    for (const { from, to, count } of buckets)
      expect(count).toBe(BigInt(values.filter(value => value >= from && value <= to).length));
    expect(buckets.slice(1).map(({ from }) => from)).toEqual(buckets.slice(0, -1).map(({ to }) => to + 1n));
    expect([buckets[0]?.from, buckets.at(-1)?.to]).toEqual([0n, 2n ** 64n - 1n]);
    expect(buckets.filter(({ from }) => (from & (from - 1n)) !== 0n)).toEqual([]);
  });

  it('is nothing else', async () => {
    const wrong = readHistogram({} as PerCpuArray<number, bigint>);
    await expect(wrong).rejects.toThrow(/^read a histogram: ERR_BPF_ARGUMENT, give a HISTOGRAM\(\)/);
  });
});

/** Sends from port 4000, as options and sizes say. */
const send = `
import socket
def udp(family, to, payload, *options, extra=[]):
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        for option in options: s.setsockopt(*option)
        s.bind(('', 4000))
        s.sendmsg([payload], extra, 0, to)
v4, v6 = ('10.77.0.2', 53), ('fd77::2', 53)
udp(socket.AF_INET, v4, b'a' * 20)
udp(socket.AF_INET, v4, b'b' * 21, (socket.IPPROTO_IP, socket.IP_OPTIONS, bytes([1] * 8)))
udp(socket.AF_INET, v4, b'c' * 2000)
udp(socket.AF_INET6, v6, b'd' * 22)
padding = bytes([0, 1, 1, 4, 0, 0, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0])  # 16 bytes: next header and length are the kernel's
udp(socket.AF_INET6, v6, b'e' * 23, extra=[(socket.IPPROTO_IPV6, socket.IPV6_HOPOPTS, padding)])
udp(socket.AF_INET6, v6, b'f' * 2000)
`;

describe('packets', () => {
  it('are read behind options, extensions and in fragments', async context => {
    need(context, 'xdp');
    using cable = new Cable();
    cable.left.ip('address add fd77::1/64 dev cable nodad');
    cable.right.ip('address add fd77::2/64 dev cable nodad');
    await cable.left.reach('10.77.0.2');
    await cable.left.reach('fd77::2');
    await using bpf = await loadOnly(newcomer, ['read_frame']);
    await bpf.programs.read_frame.attach({ ...cable.end });
    const { stderr } = await cable.left.run('python3', '-c', send);
    expect(stderr).toBe('');
    const ports = { source: 4000, destination: 53 };
    const none = { protocol: 44, source: 0, destination: 0 };
    const [v4, v6] = [
      { type: 0x800, protocol: 17 },
      { type: 0x86dd, protocol: 17 },
    ];
    const reads = bpf.maps.reads.drain().filter(({ protocol }) => protocol === 17 || protocol === 44);
    expect(reads).toEqual([
      { ...v4, ...ports, rest: 20 },
      { ...v4, ...ports, rest: 21 },
      // 1500 bytes: 20 of IP, 8 of UDP; the rest comes in a fragment.
      { ...v4, ...ports, rest: 1472 },
      { ...v4, ...none, rest: 528 },
      { ...v6, ...ports, rest: 22 },
      { ...v6, ...ports, rest: 23 },
      // 40 of IP, 8 of the extension, 8 of UDP, in multiples of 8.
      { ...v6, ...ports, rest: 1440 },
      { ...v6, ...none, rest: 560 },
    ]);
  });

  it('are read behind VLAN tags, and never behind their end', async context => {
    need(context, 'xdp');
    await using bpf = await loadOnly(newcomer, ['read_frame', 'read_skb']);
    // 20 bytes of IPv4 20 of TCP from port 4000 to 80; `xdp_action`: 1 is XDP_DROP, 2 XDP_PASS.
    const syn = frame(
      '0800',
      '45000028000100004006000001020304050607080fa000500000000000000000500200000000 0000',
    );
    const tagged = frame(
      '88a800078100 0005 0800',
      '45000028000100004006000001020304050607080fa000500000000000000000500200000000 0000',
    );
    for (const data of [syn, tagged]) {
      expect((await bpf.programs.read_frame.testRun({ data })).retval).toBe(2);
      expect(bpf.maps.reads.drain()).toEqual([
        { type: 0x800, protocol: 6, source: 4000, destination: 80, rest: 0 },
      ]);
      for (let length = 14; length < data.length; length++) {
        const { retval } = await bpf.programs.read_frame.testRun({ data: data.subarray(0, length) });
        expect([length, retval]).toEqual([length, 1]);
      }
      expect((await bpf.programs.read_skb.testRun({ data })).retval).toBe(0);
    }
  });
});

/** Two addresses of Ethernet, then what is said in hexadecimal digits. */
function frame(...parts: string[]): Uint8Array {
  return Uint8Array.from(Buffer.from(`${'02'.repeat(12)}${parts.join('')}`.replaceAll(' ', ''), 'hex'));
}
