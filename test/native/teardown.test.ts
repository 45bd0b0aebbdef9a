/** Ends of every kind, at every stage, on the main thread and in workers: nothing crashes, nothing stays attached. */
import { describe, expect, it } from 'vitest';
import { runScript } from '../support/child.js';

const object = new URL('../bpf/probe.bpf.o', import.meta.url).pathname;

/** Workers one after the other. */
const rounds = 3;

/** Each stage goes on from the one before it. */
const stages = [
  ['opening', 'open(object, { globals });'],
  ['opened', 'const opened = await open(object, { globals });'],
  ['loading', 'opened.load();'],
  ['loaded', 'const bpf = await opened.load();'],
  ['attaching', 'bpf.attach();'],
  ['attached', 'await bpf.attach();'],
  ['waiting', 'const reading = bpf.maps.events.events(); const next = reading.next().catch(() => {});'],
  ['reading', 'process.ppid; await next;'],
  ['closing', 'bpf.close();'],
  ['closed', 'await bpf.close();'],
] as const;

/** A stage that its successor repeats with `await` is left out on the way to later ones. */
const passing = new Set(['opening', 'loading', 'attaching', 'closing']);

function upTo(stage: string): string {
  const last = stages.findIndex(([name]) => name === stage);
  return stages
    .flatMap(([name, code], at) => (at === last || (at < last && !passing.has(name)) ? code : []))
    .join('\n');
}

const prelude = `
  import { open } from 'libbpf-ts';
  const object = ${JSON.stringify(object)};
  const globals = { rodata: { target_pid: process.pid, watched: 110n } };
`;

const ends = {
  exit: 'process.exit(0);',
  'uncaught throw': "throw new Error('planned');",
};

describe.each(stages.map(([name]) => name))('%s', stage => {
  it.each(Object.entries(ends))('then %s', async (name, end) => {
    const { code, signal, stderr } = await runScript(`${prelude}${upTo(stage)}\n${end}`);
    expect({ code, signal }, stderr).toEqual({ code: name === 'exit' ? 0 : 1, signal: null });
  });

  it('then a worker is terminated', async () => {
    const worker = `${prelude}\n${upTo(stage)}\nparentPort.postMessage('here'); setInterval(() => {}, 1000);`;
    const script = `
      import { Worker } from 'node:worker_threads';
      const text = ${JSON.stringify(`import { parentPort } from 'node:worker_threads';${worker}`)};
      const url = new URL('data:text/javascript,');
      for (let round = 0; round < ${rounds}; round++) {
        const worker = new Worker(text.replace("'libbpf-ts'", JSON.stringify(import.meta.resolve('libbpf-ts'))), { eval: true });
        worker.on('error', error => { console.error(error); process.exit(3); });
        await new Promise(resolve => worker.once('message', resolve));
        console.log(await worker.terminate());
      }
    `;
    const { code, signal, stdout, stderr } = await runScript(script);
    expect({ code, signal, stdout }, stderr).toEqual({ code: 0, signal: null, stdout: '1\n'.repeat(rounds) });
  });
});
