/** One of each class that is closed, for the contract that all of them keep. */
import { type Closable, createMap, openProgram, PerfCounter, tracePipe } from 'libbpf-ts';
import { map, u32 } from 'libbpf-ts/codec';
import { watchContainers } from 'libbpf-ts/containers';
import { enableStats } from 'libbpf-ts/inspect';
import { watchProcesses } from 'libbpf-ts/processes';
import { startProfile } from 'libbpf-ts/profile';
import { openSymbolizer } from 'libbpf-ts/symbols';
import { observe } from 'libbpf-ts/telemetry';
import { fakeObject, replay } from 'libbpf-ts/testing';
import { trace as traceScript } from 'libbpf-ts/trace';
import { iterators } from '../bpf/iterators.bpf.js';
import { probe } from '../bpf/probe.bpf.js';
import type { FeatureName } from './features.js';
import { watchGetppid } from './getppid.js';
import { attached } from './perf-samples.js';
import { temporary } from './temporary.js';
import { mountTracefs } from './tracefs.js';

/** Keeps a thing until the test ends, and gives it back. */
export type Own = <T extends Closable>(thing: T) => T;

/** How to make one. */
export interface ClosableKind {
  readonly needs: readonly FeatureName[];
  /** Gives what it is made of to `own`, to be closed when the test ends. */
  make(own: Own): Promise<Closable>;
}

/** By the name of its class. */
export const closables: Readonly<Record<string, ClosableKind>> = {
  OpenObject: { needs: ['ringbuf'], make: () => probe.open(watchGetppid) },
  LoadedObject: { needs: ['ringbuf'], make: () => probe.load(watchGetppid) },
  FakeObject: { needs: [], make: async () => fakeObject(probe) },
  MapBase: { needs: [], make: () => createMap(map('array', u32, u32), { maxEntries: 1 }) },
  LoadedProgram: {
    needs: ['ringbuf'],
    make: async own => openProgram(own(await probe.load(watchGetppid)).programs.entered),
  },
  Link: {
    needs: ['ringbuf', 'tracepoint'],
    make: async own => own(await probe.load(watchGetppid)).programs.entered.attach(),
  },
  IterLink: { needs: ['iter'], make: iterator },
  PerfBuffer: { needs: ['perf_buffer'], make: async own => own(await attached()).maps.samples.open() },
  PerfCounter: {
    needs: ['perf_counter'],
    make: async () => PerfCounter.open({ event: 'cpu-clock', pid: process.pid }),
  },
  Events: { needs: ['trace_pipe'], make: trace },
  Recording: { needs: [], make: async own => recording(own, 'closed.bpfrec') },
  Replay: { needs: [], make: replayed },
  MappedArray: { needs: [], make: mapped },
  ContainerWatcher: { needs: ['ringbuf'], make: () => watchContainers() },
  ProcessWatcher: { needs: ['ringbuf', 'tp_btf', 'iter'], make: () => watchProcesses({ tree: process.pid }) },
  Symbolizer: { needs: [], make: async () => openSymbolizer() },
  RunningProfile: {
    needs: ['ringbuf', 'perf_counter'],
    make: () => startProfile({ pid: process.pid, mode: 'wall' }),
  },
  KernelTelemetry: {
    needs: ['tp_btf'],
    make: () => observe({ of: 'process', collectors: ['processes'] }),
  },
  Trace: { needs: [], make: async () => traceScript`begin { @runs = count(); }` },
  RunStatistics: { needs: [], make: () => enableStats() },
};

async function iterator(own: Own) {
  const opened = own(await iterators.open());
  opened.programs.maps.autoload = true;
  return own(await opened.load()).programs.maps.attach();
}

async function trace() {
  mountTracefs();
  return tracePipe({ tids: [process.pid] });
}

function recording(own: Own, name: string) {
  return own(fakeObject(probe)).maps.events.record(temporary(name));
}

async function replayed(own: Own) {
  const written = recording(own, 'replayed.bpfrec');
  await written.close();
  return replay(written.path, probe.description.maps.events);
}

async function mapped(own: Own) {
  const array = await createMap(map('array', u32, u32), { maxEntries: 1, flags: ['mmapable'] });
  return own(array).mmap();
}
