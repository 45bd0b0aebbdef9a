/** oomkill: a process that takes more than its cgroup may have. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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

/** A cgroup whose processes may have 32 MiB, of whichever version has the controller. */
function limited(): { folder: string; kills: () => string } {
  const first = '/sys/fs/cgroup/memory';
  const isFirst = existsSync(first);
  const folder = join(isFirst ? first : '/sys/fs/cgroup', `libbpf-ts-${process.pid}`);
  if (!isFirst) writeFileSync('/sys/fs/cgroup/cgroup.subtree_control', '+memory');
  mkdirSync(folder);
  writeFileSync(join(folder, isFirst ? 'memory.limit_in_bytes' : 'memory.max'), `${32 << 20}`);
  const kills = () => readFileSync(join(folder, isFirst ? 'memory.oom_control' : 'memory.events'), 'utf8');
  return { folder, kills };
}

it('shows the one that is killed, once, with its memory and who asked for more', async () => {
  const { folder, kills } = limited();
  try {
    await using workload = await Workload.start(work);
    writeFileSync(join(folder, 'cgroup.procs'), `${workload.pid}`);
    const tool = await startTool('oomkill', '--json', '-n', `oom-${workload.pid}`);
    await workload.work();
    await tool.stop();
    const [, child, signal] = /^ended (\d+) (\d+)$/m.exec(workload.stdout) ?? [];
    expect([signal, /^oom_kill (\d+)$/m.exec(kills())?.[1]]).toEqual(['9', '1']);
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
  } finally {
    await expect.poll(() => readFileSync(join(folder, 'cgroup.procs'), 'utf8')).toBe('');
    rmdirSync(folder);
  }
});
