/** The stages of an object's life, as text of scripts that can be ended at each of them. */
const object = new URL('../bpf/probe.bpf.o', import.meta.url).pathname;

/** Each stage goes on from the one before it. */
export const stages = [
  ['opening', 'open(object, globals);'],
  ['opened', 'const opened = await open(object, globals);'],
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

/** A script that has come to this stage. */
export function upTo(stage: string): string {
  const last = stages.findIndex(([name]) => name === stage);
  const steps = stages.flatMap(([name, code], at) => {
    return at === last || (at < last && !passing.has(name)) ? code : [];
  });
  return [prelude, ...steps].join('\n');
}

const prelude = `
  import { open } from 'libbpf-ts';
  const object = ${JSON.stringify(object)};
  const globals = { rodata: { target_pid: process.pid, watched: 110n } };
`;

/** A script that terminates workers, one after the other, each at this stage; it prints what each of them ended with. */
export function terminating(stage: string, rounds: number): string {
  const worker = `import { parentPort } from 'node:worker_threads';
    ${upTo(stage)}
    parentPort.postMessage('here');
    setInterval(() => {}, 1000);`;
  return `
    import { Worker } from 'node:worker_threads';
    const library = JSON.stringify(import.meta.resolve('libbpf-ts'));
    const text = ${JSON.stringify(worker)}.replace("'libbpf-ts'", library);
    for (let round = 0; round < ${rounds}; round++) {
      const worker = new Worker(text, { eval: true });
      worker.on('error', error => { console.error(error); process.exit(3); });
      await new Promise(resolve => worker.once('message', resolve));
      console.log(await worker.terminate());
    }
  `;
}
