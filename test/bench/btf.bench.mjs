// Types and codecs: vmlinux BTF parsed, searched and dumped; records decoded and encoded. Beside bpftool and C.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Btf } from '../../dist/doors/btf.js';
import { codecOf } from '../../dist/doors/codec.js';
import { median, programTime, row, short } from './measure.mjs';

const path = '/sys/kernel/btf/vmlinux';
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const records = short ? 1000 : 1_000_000;
/** @param {number} runs */
const times = runs => (short ? 1 : runs);
/** Milliseconds that cilium/ebpf (Go) took for the same, where it was measured once: for the order of magnitude. */
const inGo = { parse: 15.3, find: 7.3, all: 154.6 };
/** What C and our own loop both read: an event of a process that starts. */
const event = `struct event { unsigned long long ts; unsigned int pid, ppid; int ret; unsigned int uid; char comm[16]; };`;

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-bench-'));
  try {
    types();
    codecs(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function types() {
  const bytes = readFileSync(path);
  const parse = () => Btf.parse(bytes, 'vmlinux');
  console.log(`vmlinux BTF: ${(bytes.length / 1e6).toFixed(1)} MB, ${parse().count - 1} types`);
  row('parse', median(times(21), parse), 'ms', ['Go', inGo.parse]);
  row(
    'parse, then find struct task_struct',
    median(times(21), () => parse().get('struct task_struct').member('pid').offset),
    'ms',
    ['Go', inGo.parse + inGo.find],
  );
  row(
    'read every type',
    median(times(5), () => [...parse()].map(type => type.record)),
    'ms',
    ['Go', inGo.parse + inGo.all],
  );
  row(
    'dump as C, in the process',
    median(times(5), () => parse().toC()),
    'ms',
  );
  const bpftool = programTime(times(5), 'bpftool', ['btf', 'dump', 'file', path, 'format', 'c']);
  row('dump as C, a whole process', programTime(times(5), process.execPath, [main, 'btf', 'dump']), 'ms', [
    'bpftool',
    bpftool,
  ]);
  const before = process.memoryUsage();
  const kept = parse();
  kept.find('struct', 'task_struct');
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  row('memory of a parsed and searched one, without its bytes', grown / 1e6, 'MB');
}

/** @param {string} folder */
function codecs(folder) {
  const source = join(folder, 'event.c');
  writeFileSync(source, `${event} struct event e = { 1ull << 40, 7, 1, -2, 1000, "node" };`);
  execFileSync('clang', ['-target', 'bpf', '-g', '-O2', '-c', source, '-o', `${source}.o`]);
  const btf = Btf.fromBytes(readFileSync(`${source}.o`), 'event.o');
  const { id, size } = btf.get('struct event');
  const bytes = new Uint8Array(size * 1024).fill(1);
  for (let at = 24; at < bytes.length; at += size) bytes.set(Buffer.from('node\0'), at);
  const view = new DataView(bytes.buffer);
  const c = cTime(folder);
  for (const [name, forms] of /** @type {const} */ ([
    ['bigint', undefined],
    ['number', { all: 'rounded' }],
  ])) {
    const codec = /** @type {import('../../dist/doors/codec.js').Codec<{ pid: number }>} */ (
      codecOf(btf, id, forms)
    );
    row(
      `decode a struct of ${size} bytes, u64 as ${name}`,
      perRecord(i => codec.read(view, (i & 1023) * size, bytes.length).pid),
      'ns',
      ['C', c],
    );
  }
  const codec = codecOf(btf, id);
  const value = codec.read(view, 0, size);
  row(
    `encode a struct of ${size} bytes`,
    perRecord(i => codec.write(view, (i & 1023) * size, value)),
    'ns',
    ['C', cTime(folder, 'write')],
  );
}

/** @param {(i: number) => unknown} work */
function perRecord(work) {
  let kept;
  const time = median(times(7), () => {
    for (let i = 0; i < records; i++) kept = work(i);
  });
  if (kept === null) throw new Error('nothing was read');
  return (time / records) * 1e6;
}

/**
 * Nanoseconds in C, which copies the struct and measures its text, or fills it in.
 *
 * @param {string} folder
 * @param {'read' | 'write'} way
 */
function cTime(folder, way = 'read') {
  const source = join(folder, 'loop.c');
  const work = {
    read: `memcpy(&e, at, sizeof(e)); sum += e.ts + e.pid + e.ppid + e.ret + e.uid + strnlen(e.comm, 16);`,
    write: `e.ts = i; e.pid = i; e.ppid = 1; e.ret = -2; e.uid = 0; strncpy(e.comm, name, 16); memcpy(at, &e, sizeof(e)); sum += at[i & 31];`,
  }[way];
  writeFileSync(
    source,
    `#include <stdio.h>
#include <string.h>
#include <time.h>
${event}
static unsigned char bytes[1024 * sizeof(struct event)];
int main(int count, char **names) {
  const char *name = names[0];
  volatile unsigned long long sum = 0;
  struct timespec a, b;
  clock_gettime(CLOCK_MONOTONIC, &a);
  for (int i = 0; i < ${records * 10}; i++) {
    struct event e;
    unsigned char *at = bytes + (i & 1023) * sizeof(e);
    ${work}
  }
  clock_gettime(CLOCK_MONOTONIC, &b);
  printf("%f", ((b.tv_sec - a.tv_sec) * 1e9 + b.tv_nsec - a.tv_nsec) / ${records * 10});
  return 0;
}`,
  );
  execFileSync('gcc', ['-O2', source, '-o', join(folder, 'loop')]);
  return Number(execFileSync(join(folder, 'loop'), { encoding: 'utf8' }));
}
