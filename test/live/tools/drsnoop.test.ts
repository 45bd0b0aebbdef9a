/** drsnoop: a process that reads more than its cgroup may keep, beside bpftrace. */
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mapsOf } from '../../support/bpftrace-maps.js';
import { MemoryCgroup } from '../../support/memory-cgroup.js';
import { rowsOf, startOracle, startTool, Workload } from '../../support/tool-runs.js';

interface Row {
  readonly pid: number;
  readonly comm: string;
  readonly pages: number;
  readonly duration: number;
  readonly order: number;
  readonly for: string;
}

const [limit, size] = [16 << 20, 96 << 20];
/** Holes too become pages of memory when they are read. It lies on a disk: what lies in memory has its pages already. */
const file = `/var/tmp/libbpf-ts-${process.pid}.holes`;

const work = `
with open('${file}', 'rb', buffering=0) as file:
    while file.read(1 << 20): pass
`;

it('shows each reclaim of a process at the limit of its cgroup, with the pages that it freed', async () => {
  writeFileSync(file, '');
  truncateSync(file, size);
  try {
    await using cgroup = new MemoryCgroup(limit);
    await using workload = await Workload.start(work);
    cgroup.enter(workload.pid);
    const filter = `/pid == ${workload.pid}/`;
    const script = `tracepoint:vmscan:mm_vmscan_memcg_reclaim_end ${filter} { @count = count(); @pages = sum(args.nr_reclaimed); }`;
    const [tool, oracle] = await Promise.all([
      startTool('drsnoop', '--json', '-p', `${workload.pid}`),
      startOracle(/attached_probes/, 'bpftrace', '-f', 'json', '-e', script),
    ]);
    await workload.work();
    await Promise.all([tool.stop(), oracle.stop()]);
    const rows = rowsOf<Row>(tool);
    const pages = rows.reduce((sum, row) => sum + row.pages, 0);
    expect({ count: rows.length, pages }).toEqual(mapsOf(oracle));
    // All that was read came, and what is above the limit had to go.
    expect(pages).toBeGreaterThanOrEqual((size - limit) / 4096);
    for (const row of rows) {
      expect(row).toMatchObject({ pid: workload.pid, comm: 'python3', for: 'cgroup' });
      expect([row.duration > 0, row.order]).toEqual([true, expect.any(Number)]);
    }
    expect(tool.stderr).toMatch(new RegExp(`^${rows.length} rows; 0 lost$`, 'm'));
  } finally {
    rmSync(file);
  }
});
