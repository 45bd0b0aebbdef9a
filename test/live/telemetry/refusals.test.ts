/** What cannot be observed, and why. */
import { observe } from 'libbpf-ts/telemetry';
import { describe, expect, it } from 'vitest';
import { ended } from '../../support/child.js';

describe('what cannot be observed', () => {
  it.each([
    [{}, "of is 'process', 'host', { pid }, { cgroup } or { container }, not undefined"],
    [{ of: 'proces' }, 'not "proces"'],
    [{ of: { pid: 1, cgroup: '/' } }, 'of names one thing'],
    [{ of: { pid: -1 } }, 'pid is an integer'],
    [{ of: { process: 1 } }, 'there is no option process'],
    [{ of: { cgroup: '' } }, 'cgroup, the folder of a cgroup, is a string'],
    [{ of: 'process', collectors: ['cpus'] }, 'there is no such collector; there are cpu, syscalls'],
    [{ of: 'process', collectors: [] }, 'no collector is named'],
    [{ of: 'process', collectors: 'cpu' }, 'collectors are named: a list'],
    [{ of: 'process', collector: ['cpu'] }, 'there is no option collector'],
    [{ of: 'process', labels: { 'a.b': 'c' } }, "a label's name is letters"],
    [{ of: 'process', labels: { a: 1 } }, 'label a is a string, not 1'],
  ])('%j is refused', async (options, message) => {
    await expect(observe(options as never)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_BPF_ARGUMENT', message: expect.stringContaining(message) }),
    );
  });

  it('is named: a process and a cgroup that are not there, a folder that is none', async () => {
    await expect(observe({ of: { pid: 4_194_305 } })).rejects.toThrow('observe process 4194305: ESRCH');
    await expect(observe({ of: { cgroup: '/sys/fs/cgroup/nowhere' } })).rejects.toThrow(
      'observe cgroup /sys/fs/cgroup/nowhere: ENOENT',
    );
    await expect(observe({ of: { cgroup: '/etc' } })).rejects.toThrow(
      'observe cgroup /etc: EBADF, it is no folder',
    );
  });

  it('has a reason in the report, and an error where nothing is left', async () => {
    await using kernel = await observe({ of: 'process', collectors: ['cpu', 'memory'] });
    const refused = kernel.report().metrics.filter(({ isObserved }) => !isObserved);
    expect(refused.map(({ name }) => name)).toEqual([
      'kernel.cpu.throttled.periods',
      'kernel.cpu.throttled.time',
      'kernel.oom.kills',
    ]);
    const script = `import { observe } from 'libbpf-ts/telemetry';
const kernel = await observe({ of: 'process', collectors: JSON.parse(process.argv[1]) });
console.log(kernel.report().metrics.map(({ name, reason }) => name + ': ' + reason).join('\\n'));
console.log(await kernel.text());`;
    const asNobody = (collectors: string[]) =>
      ended('setpriv', [
        ...['--reuid=65534', '--regid=65534', '--clear-groups'],
        ...[process.execPath, '--input-type=module', '-e', script, JSON.stringify(collectors)],
      ]);
    const nothing = await asNobody(['cpu']);
    expect(nothing.code).toBe(1);
    expect(nothing.stderr).toMatch(/EPERM.*CAP_BPF/);
    const some = await asNobody(['cpu', 'memory']);
    expect(some.stdout).toMatch(/process.cpu.time: .*EPERM/);
    expect(some.stdout).toMatch(/^process_paging_faults_total\{system_paging_fault_type="minor"\} \d+$/m);
  });

  it('is a closed observer', async () => {
    const kernel = await observe({ of: 'process', collectors: ['memory'] });
    await kernel.close();
    await expect(kernel.read()).rejects.toThrow('ERR_BPF_CLOSED');
    expect(() => kernel.producer()).toThrow('ERR_BPF_CLOSED');
  });
});
