/** A worker that ends takes along what it had attached, in a process that lives on. */
import { expect, it } from 'vitest';
import { runScript, untilGone } from '../support/child.js';

const object = new URL('../bpf/probe.bpf.o', import.meta.url).pathname;

it('ends its programs with a worker, while the process lives on', async () => {
  const script = `
    import { readFileSync } from 'node:fs';
    import { Worker } from 'node:worker_threads';
    const text = ${JSON.stringify(`
      import { parentPort } from 'node:worker_threads';
      import { readFileSync } from 'node:fs';
      import { open } from 'libbpf-ts';
      const object = ${JSON.stringify(object)};
      const globals = { rodata: { target_pid: process.pid, watched: 110n } };
      const opened = await open(object, globals);
      const bpf = await opened.load();
      await bpf.attach();
      const info = readFileSync('/proc/self/fdinfo/' + bpf.programs.entered.fd, 'utf8');
      parentPort.postMessage(info.match(/prog_id:\\s*(\\d+)/)[1]);
      setInterval(() => {}, 1000);
    `)};
    const source = text.replace("'libbpf-ts'", JSON.stringify(import.meta.resolve('libbpf-ts')));
    const worker = new Worker(source, { eval: true });
    const id = await new Promise(resolve => worker.once('message', resolve));
    await worker.terminate();
    const left = readdirBpf();
    console.log(id, left);
    function readdirBpf() {
      return require('node:fs').readdirSync('/proc/self/fd').filter(fd => {
        try { return require('node:fs').readlinkSync('/proc/self/fd/' + fd).includes('bpf'); } catch { return false; }
      }).length;
    }
  `.replaceAll("require('node:fs')", "process.getBuiltinModule('node:fs')");
  const { stdout, stderr } = await runScript(script);
  const [id, left] = stdout.trim().split(' ');
  expect(left, stderr).toBe('0');
  await untilGone('prog', String(id));
});
