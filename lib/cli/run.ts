/** `libbpf-ts run`: any object, loaded, attached and shown. */

import { command, UsageError } from '../command/command.js';
import { Interruption } from '../command/interruption.js';
import type { Attachment, LoadedObject } from '../index.js';
import { EventMap, IterLink, KeyValueMap, open } from '../index.js';
import { JsonReport } from './json-report.js';
import { drainTrace, followTrace, openTrace } from './printing.js';
import { follow, iterate } from './reading.js';
import type { Report } from './report.js';
import { applySettings, pairs } from './settings.js';
import { TextReport } from './text-report.js';

export const run = command({
  name: 'run',
  summary: 'load any object, attach it, print its events and maps',
  usage: 'X.bpf.o',
  about: [
    'Loads the object, attaches every program whose section says where, and prints what it gives: records of ring and',
    'perf buffers as they come, what iterators print, and of objects that use bpf_printk() the lines of the trace, where',
    'all programs of the machine write. At the end, by Ctrl-C or --duration, it prints maps and global variables and',
    'detaches. Everything is decoded by the BTF of the object.',
  ],
  options: {
    json: {
      type: 'boolean',
      help: 'one JSON value a line; 64-bit integers as strings, bytes in hexadecimal',
    },
    set: { type: 'string', multiple: true, value: 'NAME=VALUE', help: 'set a global variable before load' },
    type: {
      type: 'string',
      multiple: true,
      value: 'MAP=TYPE',
      help: 'the C type of records, where the object does not say; else they are shown as bytes',
    },
    duration: { type: 'string', short: 'd', value: 'SECONDS', help: 'end after this time' },
  },
  operands: [1, 1],
  examples: [
    'run execsnoop.bpf.o --set tree_root=$$',
    'run execsnoop.bpf.o --json --duration 10 | jq .value.comm',
    "run other.bpf.o --type 'events=struct event'",
  ],
  async run({ options: { json, set = [], type = [], duration }, operands: [path = ''] }) {
    const limit = milliseconds(duration);
    const report = json ? new JsonReport() : new TextReport();
    const types = Object.fromEntries(pairs('run', 'type', type));
    await using opened = await open(path, {}, { types });
    applySettings(opened.globals, pairs('run', 'set', set));
    await using bpf = await opened.load();
    using trace = openTrace(opened.parts.description.object.bytes());
    await show(bpf, trace, report, limit);
    return 0;
  },
});

/** Attaches, prints what comes, detaches, prints what is left. */
async function show(
  bpf: LoadedObject,
  trace: Trace,
  report: Report,
  limit: number | undefined,
): Promise<void> {
  using interruption = new Interruption(limit);
  const { signal } = interruption;
  const streams = Object.values(bpf.maps).filter(map => map instanceof EventMap);
  // Perf buffers are there before the first program is, or its first records have no place to go.
  for (const map of streams) map.stats();
  const { links, skipped } = await bpf.attach();
  report.attached(Object.keys(links), skipped);
  await Promise.all([
    interruption.happened,
    ...streams.map(map => follow(map, report, signal)),
    ...iterators(links).map(link => iterate(link, report, signal)),
    ...(trace ? [followTrace(trace, report, signal)] : []),
  ]);
  for (const link of Object.values(links)) await link?.detach();
  for (const map of streams) for (const record of map.drain()) report.record(map.name, record);
  if (trace) drainTrace(trace, report);
  showEnd(bpf, report);
}

type Trace = ReturnType<typeof openTrace>;

function iterators(links: Attachment['links']): IterLink[] {
  return Object.values(links).filter(link => link instanceof IterLink);
}

/** What is left in maps and variables. */
function showEnd(bpf: LoadedObject, report: Report): void {
  for (const map of Object.values(bpf.maps)) {
    if (map instanceof KeyValueMap) report.map(map.name, map.kind, map.entries());
  }
  for (const [section, variables] of Object.entries(bpf.globals)) report.globals(section, variables);
}

function milliseconds(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const seconds = Number(duration);
  if (seconds > 0 && seconds < 2 ** 31 / 1000) return seconds * 1000;
  throw new UsageError('run', `--duration takes a number of seconds, not ${duration}`);
}
