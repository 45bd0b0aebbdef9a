/** The tools that come with bpftrace 0.27, as Debian has them: each compiles, and the kernel takes its programs. Nothing is attached. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { oracleRoot } from '../../../.setup/oracles.mjs';
import { type CompiledTrace, compileTrace } from '../../../lib/trace/index.js';
import { RunningMaps } from '../../../lib/trace/run/maps.js';
import { loadPrograms } from '../../../lib/trace/run/programs.js';

/** What a kernel must have to run them, beside tracepoints. */
type Need = 'nothing' | 'kprobes' | 'uprobes' | 'perf';

const tools: Readonly<Record<string, Need>> = {
  bashreadline: 'uprobes',
  biolatency: 'nothing',
  'biolatency-kp': 'kprobes',
  biosnoop: 'nothing',
  biostacks: 'nothing',
  bitesize: 'nothing',
  capable: 'kprobes',
  cpuwalk: 'perf',
  dcsnoop: 'kprobes',
  execsnoop: 'nothing',
  gethostlatency: 'uprobes',
  killsnoop: 'nothing',
  loads: 'nothing',
  mdflush: 'kprobes',
  naptime: 'nothing',
  oomkill: 'kprobes',
  opensnoop: 'nothing',
  pidpersec: 'nothing',
  runqlat: 'nothing',
  runqlen: 'perf',
  setuids: 'nothing',
  ssllatency: 'uprobes',
  sslsnoop: 'uprobes',
  statsnoop: 'nothing',
  swapin: 'kprobes',
  syncsnoop: 'nothing',
  syscount: 'nothing',
  tcpaccept: 'kprobes',
  tcpconnect: 'kprobes',
  tcpdrop: 'nothing',
  tcplife: 'kprobes',
  tcpretrans: 'kprobes',
  tcpsynbl: 'kprobes',
  threadsnoop: 'uprobes',
  undump: 'kprobes',
  vfscount: 'kprobes',
  vfsstat: 'kprobes',
  writeback: 'nothing',
  xfsdist: 'kprobes',
};

/** Symbols of the kernel that a tool reads: those of data are there with CONFIG_KALLSYMS_ALL alone. */
const symbols: Readonly<Record<string, string>> = { loads: 'avenrun' };

const folder = join(oracleRoot, 'usr/sbin');

function compiled(tool: string): CompiledTrace {
  const path = join(folder, `${tool}.bt`);
  return compileTrace(readFileSync(path, 'utf8'), { name: path, unsafe: true });
}

function needOf({ probes }: CompiledTrace): Need {
  const has = (...kinds: string[]) => probes.some(probe => kinds.some(kind => probe.startsWith(`${kind}:`)));
  if (has('kprobe', 'kretprobe')) return 'kprobes';
  if (has('uprobe', 'uretprobe')) return 'uprobes';
  return has('profile', 'software', 'hardware') ? 'perf' : 'nothing';
}

async function load({ script }: CompiledTrace): Promise<number> {
  const maps = await RunningMaps.create(script.maps);
  try {
    await using object = await loadPrograms(script, maps);
    return Object.keys(object.programs).length;
  } finally {
    await maps.close();
  }
}

it('are those of the table', () => {
  const files = readdirSync(folder).filter(name => name.endsWith('.bt'));
  expect(files.map(name => name.replace(/\.bt$/, '')).sort()).toEqual(Object.keys(tools).sort());
});

it.each(Object.entries(tools))('%s', async (tool, need) => {
  const symbol = symbols[tool];
  if (
    symbol !== undefined &&
    !new RegExp(` ${symbol}$`, 'm').test(readFileSync('/proc/kallsyms', 'latin1'))
  ) {
    expect(() => compiled(tool)).toThrow(`the kernel has no symbol ${symbol}`);
    return;
  }
  const script = compiled(tool);
  expect(needOf(script)).toBe(need);
  expect(await load(script)).toBe(script.probes.length);
});
