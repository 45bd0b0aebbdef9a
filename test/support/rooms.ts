/** The rooms of `lib`, floor by floor: a room imports lower floors only. ARCHITECTURE's table is printed from this list. */

interface Room {
  readonly name: string;
  readonly holds: string;
  /** True where it needs no addon and no kernel: any operating system will do. */
  readonly pure?: boolean;
  /** True where it is built on doors alone, as an application is. */
  readonly above?: boolean;
  /** True where it has no door of its own: other rooms above share it. */
  readonly inner?: boolean;
}

const pure = true;
const above = true;
const inner = true;

/** From the ground up. */
export const floors: readonly (readonly Room[])[] = [
  [
    { name: 'errors', holds: '`BpfError` and its codes; arguments refused', pure },
    { name: 'package', holds: 'where this package lies', pure },
    { name: 'kinds', holds: 'tables: map kinds, program types, link types, helpers, test runs', pure },
  ],
  [
    { name: 'btf', holds: 'ELF, BTF and USDT notes from bytes; types as C text', pure },
    { name: 'command', holds: 'a command line: options, help, output, what a failure prints' },
  ],
  [
    { name: 'codec', holds: 'C values from and to bytes; straight-line readers and writers', pure },
    { name: 'asm', holds: 'instructions from and to bytes and text; objects of assembled programs', pure },
    { name: 'verifier', holds: "the verifier's logs: where, what, why, and what to do", pure },
    { name: 'host', holds: 'this process and kernel, as /proc and /sys tell of them' },
  ],
  [
    { name: 'gen', holds: "an object's **description** and its text as a module", pure },
    {
      name: 'native',
      holds: "the seam: the addon's calls and jobs, flows, errno, libbpf's log, kernel structs",
    },
  ],
  [{ name: 'clock', holds: "stamps of the kernel's clocks as dates" }],
  [
    {
      name: 'events',
      holds: 'streams over any source: reader, batch, scheduler, watcher; recordings and replay',
    },
  ],
  [
    { name: 'output', holds: 'text that programs write, as events' },
    { name: 'perf', holds: 'perf buffers as events; counters; names of perf events' },
    {
      name: 'link',
      holds: 'one attachment: handles, pin, info, update; iterators; all links of the machine',
    },
  ],
  [
    {
      name: 'attach',
      holds: 'a file for each way to attach: sections, options, attacher, errors, query; the table of all',
    },
    { name: 'map', holds: 'a class for each kind of map, rings included; bulk work; shared memory' },
  ],
  [
    { name: 'program', holds: 'opened and loaded programs, test runs, streams' },
    { name: 'compile', holds: 'clang, `vmlinux.h`, linking, build' },
    { name: 'features', holds: 'what the running kernel has: probes, its own types, versions' },
  ],
  [
    {
      name: 'object',
      holds: 'source, open, load, skeleton, globals, alternatives; adoption of what was pinned',
    },
    { name: 'inspect', holds: 'what is in the kernel, what holds it, where it is attached, what it takes' },
  ],
  [
    { name: 'doctor', holds: "rights, settings, mounts, an object's needs, and what stands in the way" },
    { name: 'testing', holds: 'an object in memory, for tests of applications' },
    { name: 'bundler', holds: 'BPF C as modules of an application; the addon beside its bundle' },
  ],
  [
    { name: 'index', holds: 'the first door: what `libbpf-ts` exports' },
    { name: 'doors', holds: 'the others: what `libbpf-ts/btf` and its like export' },
  ],
  [
    { name: 'symbols', holds: 'names for addresses of the kernel and of processes', above },
    { name: 'protobuf', holds: 'messages of protocol buffers', pure, above, inner },
    { name: 'plot', holds: 'histograms, heat maps and tables, as text and SVG', pure, above },
    { name: 'containers', holds: 'which container a cgroup or a process belongs to', above },
  ],
  [
    {
      name: 'sources',
      holds: 'hooks that are attached once in a process, for all who want them',
      above,
      inner,
    },
    { name: 'profile', holds: 'where time goes, by stack; flame graphs, pprof, speedscope', above },
    { name: 'trace', holds: "bpftrace's language, compiled to BPF and run", above },
  ],
  [
    {
      name: 'processes',
      holds: 'what a process is besides its number, those that have ended too',
      above,
    },
    { name: 'telemetry', holds: 'the kernel’s doings as metrics: collectors, text of Prometheus', above },
  ],
  [{ name: 'tool', holds: 'what all tools have: filters, intervals, rows, the command they follow', above }],
  [{ name: 'cli', holds: 'a table of commands that each call one public function' }],
];

export const purity: ReadonlyMap<string, boolean> = new Map(
  floors.flat().map(({ name, pure: isPure = false }) => [name, isPure]),
);

/** Rooms that go through doors. */
export const roomsAbove: readonly string[] = floors
  .flat()
  .filter(room => room.above)
  .map(({ name }) => name);

/** Those of them that have no door of their own. */
export const innerRooms: readonly string[] = floors
  .flat()
  .filter(room => room.inner)
  .map(({ name }) => name);

/** The floor of each room, by its name. */
export const floorOf: ReadonlyMap<string, number> = new Map(
  floors.flatMap((rooms, floor) => rooms.map(({ name }) => [name, floor] as const)),
);

/** The list as a table, the highest floor first. */
export function roomTable(): string {
  const rows = floors.flatMap((rooms, floor) =>
    rooms.map(room => `| ${floor} | \`lib/${room.name}\` | ${room.holds} | ${room.pure ? 'yes' : ''} |`),
  );
  return ['| floor | room | what it holds | pure |', '|---|---|---|---|', ...rows.reverse()].join('\n');
}
