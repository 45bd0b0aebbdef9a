/** What becomes of network attachments when their process ends, or may not attach at all. */
import { beforeEach, describe, expect, it } from 'vitest';
import { runScript } from '../../support/child.js';
import { need } from '../../support/need.js';
import { Cable } from '../../support/network.js';

const prelude = `
import { open } from 'libbpf-ts';
const opened = await open('test/bpf/packets.bpf.o');
for (const program of Object.values(opened.programs)) {
  program.autoload = ['drop', 'drop_classified'].includes(program.name);
}
const bpf = await opened.load();
`;

/** Ends in a worker and in the main thread. */
const inWorker = (script: string) => `
import { Worker } from 'node:worker_threads';
const text = ${JSON.stringify(script)}.replace("'libbpf-ts'", JSON.stringify(import.meta.resolve('libbpf-ts')));
const worker = new Worker(text + "import('node:worker_threads').then(it => it.parentPort.postMessage(''));", { eval: true });
worker.on('error', error => { throw error; });
worker.on('message', () => worker.terminate());
`;

describe('a process that ends', () => {
  const attachments = {
    'XDP by a link': "await bpf.programs.drop.attach({ interface: 'cable' });",
    'XDP by netlink': "await bpf.programs.drop.attach({ interface: 'cable', via: 'netlink' });",
    'a tc filter': "await bpf.programs.drop_classified.attach({ interface: 'cable', direction: 'ingress' });",
  };

  beforeEach(context => need(context, 'xdp'));

  it.each(Object.entries(attachments))('takes %s along', async (_, attach) => {
    using cable = new Cable();
    const here = ['nsenter', `--net=${cable.right.path}`];
    for (const script of [`${prelude}${attach}\nprocess.exit(0);`, inWorker(`${prelude}${attach}`)]) {
      const { code, stderr } = await runScript(script, [], here);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(await cable.ping(2)).toBe(2);
      const { stdout } = await cable.right.run('tc', 'qdisc', 'show', 'dev', 'cable');
      expect(stdout).not.toContain('clsact');
    }
  });

  it('by kill -9 takes along what a link holds, and that alone', async () => {
    using cable = new Cable();
    const here = ['nsenter', `--net=${cable.right.path}`];
    const killed = (attach: string) =>
      runScript(`${prelude}${attach}\nprocess.kill(process.pid, 'SIGKILL');`, [], here);
    expect((await killed(attachments['XDP by a link'])).signal).toBe('SIGKILL');
    expect(await cable.ping(2)).toBe(2);
    await killed(attachments['XDP by netlink']);
    expect(await cable.blocked(2)).toBe(0);
  });
});

describe('a process that may not', () => {
  it('is told what it takes', async () => {
    using cable = new Cable();
    const script = `${prelude}
      process.setgid(65534);
      process.setuid(65534);
      const place = { interface: 'cable' };
      const overNetlink = { ...place, via: 'netlink' };
      for (const [name, options] of [['drop', overNetlink], ['drop_classified', { ...place, direction: 'ingress' }]]) {
        await bpf.programs[name].attach(options).catch(error => console.log(error.message));
      }
      await bpf.programs.drop.attach({ ...place, netns: '/proc/self/ns/net' }).catch(error => console.log(error.message));
    `;
    const { stdout } = await runScript(script, [], ['nsenter', `--net=${cable.right.path}`]);
    const remedy =
      /\(SEC\("\w+"\) takes CAP_BPF and CAP_NET_ADMIN; this process lacks CAP_BPF, CAP_NET_ADMIN\)$/;
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^attach drop to interface cable: EPERM, operation not permitted /);
    expect(lines[1]).toMatch(/^attach drop_classified to ingress of interface cable: EPERM, /);
    for (const line of lines.slice(0, 2)) expect(line).toMatch(remedy);
    expect(lines[2]).toMatch(/EPERM.*CAP_SYS_ADMIN/);
  });
});
