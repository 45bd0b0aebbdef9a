/** bpflist: which processes hold what of BPF. */
import { type Holder, holders, links, maps, programs } from 'libbpf-ts/inspect';
import { defineTool } from 'libbpf-ts/tool';

const byProcess = 'descriptors belong to processes: choose them by --pid or --comm';

export default defineTool({
  name: 'bpflist',
  summary: 'processes that hold BPF programs, maps, links, types and perf events',
  about: [
    'A row for each kind of thing that a process holds by descriptors, as they are now. What is held by a pin, an attachment',
    'or another program alone belongs to no process and is not shown.',
  ],
  prints: 'list',
  refuses: {
    tid: byProcess,
    uid: byProcess,
    cgroup: byProcess,
    container: byProcess,
    pod: byProcess,
    command: byProcess,
  },
  examples: ['bpflist', 'bpflist -n node --json | jq .things'],
  async run(session) {
    const { holdings, hidden } = await holders();
    const names = await namesInKernel();
    const wanted = holdings.filter(isWanted(session.filters));
    session.list({ columns, rows: rowsOf(wanted, names), hidden });
  },
});

/** What one process holds of one kind. */
interface Row {
  readonly pid: number;
  readonly comm: string;
  readonly kind: Holder['kind'];
  readonly count: number;
  /** Several descriptors of the same thing are one. */
  readonly things: readonly { readonly id: number; readonly name: string | undefined }[];
}

const columns = [
  ...(['pid', 'comm'] as const),
  { name: 'kind', width: 10 },
  { name: 'count', width: 5, right: true },
  {
    name: 'things',
    width: 0,
    text: ({ things }: Row) => things.map(({ id, name = '' }) => `${id} ${name}`.trim()).join(', '),
  },
] as const;

/** A process has the name of its first thread. */
function isWanted({ filter_pid, filter_comm, filter_comm_size }: Filters): (holder: Holder) => boolean {
  const isWhole = filter_comm_size > Buffer.byteLength(filter_comm);
  return ({ pid, comm }) =>
    (filter_pid === 0 || pid === filter_pid) &&
    (isWhole ? comm === filter_comm : comm.startsWith(filter_comm));
}

interface Filters {
  readonly filter_pid: number;
  readonly filter_comm: string;
  readonly filter_comm_size: number;
}

function rowsOf(holdings: readonly Holder[], names: ReadonlyMap<string, string>): Row[] {
  const groups = new Map<string, Holder[]>();
  for (const holder of holdings) {
    const key = `${holder.pid} ${holder.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), holder]);
  }
  return Array.from(groups.values(), group => {
    const [{ pid, comm, kind }] = group as [Holder];
    const ids = [...new Set(group.map(({ id }) => id))].sort((a, b) => a - b);
    const things = ids.map(id => ({ id, name: names.get(`${kind} ${id}`) }));
    return { pid, comm, kind, count: ids.length, things };
  });
}

/** By kind and id. What has gone meanwhile, and what has no name, is not among them. */
async function namesInKernel(): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for await (const { id, name } of programs()) {
    names.set(`program ${id}`, name);
    // Its number is that of its program.
    names.set(`perf_event ${id}`, name);
  }
  for await (const { id, name } of maps()) names.set(`map ${id}`, name);
  for await (const { id, type, programId } of links())
    names.set(`link ${id}`, `${type} ${names.get(`program ${programId}`) ?? programId}`);
  return names;
}
