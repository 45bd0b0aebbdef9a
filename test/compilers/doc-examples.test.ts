/** The examples in the library's own documentation compile against what it exports. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;

/** What examples may take for granted: the library, an object of theirs, and what Node has for them. */
const prelude = `
import { createServer } from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { ArrayMap, atomicAdd, atomicCompareExchange, BloomFilter, BpfMap, cgroupId, clock, createMap, assembled, kfunc, load, LoadedObject, loadSync, loadOrAdopt, LpmTrie, MapOfMaps, onLibbpfLog, open, openLink, openMap, openProgram, PerCpuArray, PerCpuMap, PerfCounter, readHistogram, PerfEventArray, preload, Program, QueueMap, RingBuffer, SocketMap, StackTraceMap, StorageMap, StructOpsMap, tracePipe, UserRingBuffer, setAddonPath, VerifierError } from '../../lib/index.js';
import { asm, assemble, decodeInsns, insnText } from '../../lib/doors/asm.js';
import { Btf, BtfBuilder, diffBtf, Elf, matchingFunctions, minimalBtf, usdtProbes } from '../../lib/doors/btf.js';
import { build, compile, linkObjects, writeTogether } from '../../lib/doors/build.js';
import { bpfPlugin } from '../../lib/doors/bundler.js';
import { array, CValue, codecOf, decode, encode, map, replacer, s32, struct, tagged, text, u32, u64, u8, union, type ValueOf } from '../../lib/doors/codec.js';
import { doctor, features, probeHelper, probeKfunc } from '../../lib/doors/features.js';
import { describeObject } from '../../lib/doors/gen.js';
import { kernelBtf, linkPlace, links, openBtf, queryHook, btfs, dumpProgram, enableStats, holders, hooks, maps, pins, programs, programUsage } from '../../lib/doors/inspect.js';
import { replay, fakeObject } from '../../lib/doors/testing.js';
import { containerAt, containerOf, findContainer, listContainers, watchContainers } from '../../lib/containers/index.js';
import { watchProcesses } from '../../lib/processes/index.js';
import { histogramText, log2Buckets, tableText } from '../../lib/plot/index.js';
import { compareProfiles, createProfile, profile, startProfile } from '../../lib/profile/index.js';
import { demangle, formatFrame, openSymbolizer, symbolize, syscallName } from '../../lib/symbols/index.js';
import { type MetricRegistry, observe } from '../../lib/telemetry/index.js';
import { countReader, defineTool, histogramReader } from '../../lib/tool/index.js';
import { compileTrace, listTraceProbes, trace, traceFeatures, tracePrinter } from '../../lib/trace/index.js';
import { execsnoop } from '../../examples/execsnoop/execsnoop.bpf.js';
declare const register: MetricRegistry, btf: Btf, bytes: Uint8Array, record: Uint8Array, connection: import('node:net').Socket;
interface Shown extends Pick<LoadedObject, 'attach' | 'pin'> {
  programs: {
    guard: Program<'xdp'>;
    on_exec: Program<'tp_btf/sched_process_exec'>;
    on_free: Program<'kprobe'>;
    tasks: Program<'iter/task'>;
  };
  maps: {
    counts: BpfMap<number, bigint, 'hash'>;
    events: RingBuffer<{ pid: number; comm: string; time: bigint }>;
    hits: PerCpuMap<number, bigint, 'percpu_hash'>;
    jobs: QueueMap<bigint>;
    known: BloomFilter<number>;
    latencies: PerCpuArray<number, bigint>;
    limits: ArrayMap<number, bigint>;
    peers: SocketMap;
    per_task: StorageMap<bigint, 'task_storage'>;
    routes: LpmTrie<bigint>;
    slots: ArrayMap<number, { calls: bigint }>;
    stacks: StackTraceMap;
    waits: BpfMap<number, { counts: bigint[] }, 'hash'>;
    tenants: MapOfMaps<number, BpfMap<number, bigint, 'hash'>>;
    reno: StructOpsMap;
    commands: UserRingBuffer<{ pid: number; comm: string }>;
    samples: PerfEventArray<{ pid: number; comm: string }>;
  };
  globals: { bss: { seen: bigint; owner: number } };
}
`;

interface Example {
  readonly file: string;
  readonly code: string;
}

function examples(): Example[] {
  const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.ts'),
  );
  return files.flatMap(file => {
    const text = readFileSync(join(root, 'lib', file), 'utf8');
    const blocks = text.matchAll(/@example\n((?: +\*.*\n)+)/g);
    return Array.from(blocks, ([, block = '']) => ({ file, code: fenced(block) }));
  });
}

/** Between the fences, without the comment's stars. */
function fenced(block: string): string {
  const text = block.replace(/^ +\* ?/gm, '');
  return text.match(/```ts\n([\s\S]*?)```/)?.[1] ?? '';
}

/** What writes C in place has the name that objects have elsewhere. */
const tag = "import { bpf } from '../../lib/doors/build.js';\n";

/** Examples that load an object show it themselves. */
function program({ code }: Example): string {
  const object = /\bbpf = /.test(code) ? '' : /\bbpf`/.test(code) ? tag : 'declare const bpf: Shown;\n';
  return `${prelude}${object}export async function example() {\n${code}}\n`;
}

/** What the compiler has to say of each. */
function complaints(all: readonly Example[]): string[] {
  const files = new Map(
    all.map((example, at) => [join(root, `test/unit/example${at}.ts`), program(example)]),
  );
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2024.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = name => files.has(name) || fileExists(name);
  host.readFile = name => files.get(name) ?? readFile(name);
  const source = host.getSourceFile;
  host.getSourceFile = (name, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? source(name, ...rest)
      : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
  };
  const compiled = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((name, at) =>
    compiled.getSemanticDiagnostics(compiled.getSourceFile(name)).map(({ messageText }) => {
      return `${all[at]?.file}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}\n${all[at]?.code}`;
    }),
  );
}

describe('the examples in the documentation', () => {
  it('compile', () => {
    const all = examples();
    expect(all.length).toBeGreaterThan(10);
    expect(complaints(all)).toEqual([]);
  });
});
