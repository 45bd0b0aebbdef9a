/** oomkill: a process that takes more than its cgroup may have. */
import { expect, it } from 'vitest';
import { MemoryCgroup } from '../../support/memory-cgroup.js';
import { rowsOf, startTool, Workload } from '../../support/tool-runs.js';

/** The child takes its own name, and touches 64 MiB; the parent tells how it ended. */
const work = `
child = os.fork()
if child == 0:
    open('/proc/self/comm', 'w').write('oom-' + str(os.getppid()))
    memory = bytearray(64 << 20)
    for at in range(0, len(memory), 4096): memory[at] = 1
    os._exit(0)
_, status = os.waitpid(child, 0); print('ended', child, os.WTERMSIG(status), flush=True)
`;

it('shows the one that is killed, once, with its memory and who asked for more', async () => {
  await using cgroup = new MemoryCgroup(32 << 20);
  await using workload = await Workload.start(work);
  cgroup.enter(workload.pid);
  const tool = await startTool('oomkill', '--json', '-n', `oom-${workload.pid}`);
  await workload.work();
  await tool.stop();
  const [, child, signal] = /^ended (\d+) (\d+)$/m.exec(workload.stdout) ?? [];
  expect([signal, cgroup.kills]).toEqual(['9', 1]);
  const rows = rowsOf<{ total: string; resident: string }>(tool);
  expect(rows).toMatchObject([
    {
      pid: Number(child),
      comm: `oom-${workload.pid}`,
      uid: 0,
      scoreAdjustment: 0,
      triggerPid: Number(child),
    },
  ]);
  const [{ total, resident } = { total: '0', resident: '0' }] = rows;
  // What the cgroup may have less what is not the process's own, as far as this CPU has told of it.
  expect(Number(resident)).toBeGreaterThan(24 << 20);
  expect(Number(resident)).toBeLessThan(48 << 20);
  expect(Number(total)).toBeGreaterThan(64 << 20);
  expect(tool.stderr).toMatch(/^tracing by tracepoint; Ctrl-C ends it\n1 row; 0 lost$/m);
});
