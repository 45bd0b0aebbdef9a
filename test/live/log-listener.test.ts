/** What libbpf says, heard as it says it. */
import { setImmediate as turn } from 'node:timers/promises';
import { type LibbpfMessage, load, onLibbpfLog, openSync } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { rejected } from '../bpf/rejected.bpf.js';
import { runScript } from '../support/child.js';

const object = new URL('../bpf/probe.bpf.o', import.meta.url).pathname;

/** What is heard while something is done. */
async function heardBy(level: 'warn' | 'info' | 'debug', act: () => unknown): Promise<LibbpfMessage[]> {
  const messages: LibbpfMessage[] = [];
  using _log = onLibbpfLog(message => messages.push(message), { level });
  await act();
  await turn();
  return messages;
}

describe("a listener of libbpf's log", () => {
  it('hears what the error of a failed call has', async () => {
    let error: { log?: string } = {};
    const messages = await heardBy('warn', () => rejected.load().catch(refusal => (error = refusal)));
    const texts = messages.filter(({ level }) => level === 'warn').map(({ text }) => `libbpf: ${text}\n`);
    expect(texts.length).toBeGreaterThan(2);
    expect(error.log).toBe(texts.join(''));
    expect(messages.every(({ lost }) => lost === 0)).toBe(true);
  });

  it('hears each step, where it asks for that, and none by default', async () => {
    const steps = await heardBy('debug', () => openSync(object).closeSync());
    expect(steps[0]).toEqual({
      level: 'debug',
      lost: 0,
      text: expect.stringMatching(/^loading object 'probe' from buffer/),
    });
    expect(await heardBy('info', () => openSync(object).closeSync())).toEqual([]);
  });

  it('hears the log of a program that is accepted', async () => {
    const opened = await probe.open();
    opened.programs.passed.verifierLog = 'full';
    let whole = '';
    const messages = await heardBy('debug', async () => {
      await using bpf = await opened.load();
      whole = bpf.programs.passed.verification?.log ?? '';
      expect(bpf.log).toContain(whole);
    });
    expect(whole).toMatch(/^\d+: \(95\) exit/m);
    expect(messages.some(({ text }) => text.includes(whole))).toBe(true);
  });

  it('hears what was said before it closes, and nothing after', async () => {
    const messages: LibbpfMessage[] = [];
    const log = onLibbpfLog(message => messages.push(message), { level: 'debug' });
    openSync(object).closeSync();
    expect(messages).toEqual([]);
    log.closeSync();
    const heard = messages.length;
    expect(heard).toBeGreaterThan(5);
    openSync(object).closeSync();
    log.closeSync();
    await turn();
    expect(messages).toHaveLength(heard);
  });

  it('gets names of objects without their control characters', async () => {
    const name = 'red\u001b[31m';
    const messages = await heardBy('debug', () => openSync(object, {}, { name }).closeSync());
    const texts = messages.map(({ text }) => text).join('\n');
    expect(texts).toContain('red\\u001b[31m');
    expect(texts).not.toContain('\u001b');
  });

  it('is told how many messages had no room while its thread was busy', async () => {
    const once = (await heardBy('debug', () => openSync(object).closeSync())).length;
    const times = Math.ceil(16384 / once) + 10;
    const messages = await heardBy('debug', async () => {
      for (let at = 0; at < times; at++) openSync(object).closeSync();
      await turn();
      openSync(object).closeSync();
    });
    const lost = messages.reduce((sum, message) => sum + message.lost, 0);
    expect(lost).toBe(once * times - 16384);
    expect(messages).toHaveLength(16384 + once);
  });

  it('is refused where it is none, and for a level that is none', () => {
    const argument = expect.objectContaining({ code: 'ERR_BPF_ARGUMENT' });
    expect(() => onLibbpfLog(7 as never)).toThrow(argument);
    expect(() => onLibbpfLog(() => {}, { level: 'loud' as never })).toThrow(argument);
    expect(() => onLibbpfLog(() => {}, { levl: 'warn' } as never)).toThrow(/is level meant\?/);
  });

  it('that throws ends nothing but itself: the next message comes', async () => {
    const script = `
      import { onLibbpfLog, openSync } from 'libbpf-ts';
      const errors = [];
      process.on('uncaughtException', error => errors.push(error.message));
      let heard = 0;
      using_: { const log = onLibbpfLog(() => { heard++; throw new Error('no'); }, { level: 'debug' });
        openSync('${object}').closeSync(); log.closeSync(); }
      setImmediate(() => console.log(heard > 5, errors.length === heard));`;
    expect((await runScript(script)).stdout).toBe('true true\n');
  });

  it('hears other threads, and ends with its own while they go on', async () => {
    const worker = `
      import { parentPort } from 'node:worker_threads';
      import { onLibbpfLog, openSync } from ${JSON.stringify(import.meta.resolve('libbpf-ts'))};
      onLibbpfLog(() => {}, { level: 'debug' });
      parentPort.postMessage('listening');
      for (let at = 0; ; at++) { openSync('${object}', {}, { name: 'inside' }).closeSync(); if (at % 20 === 0) await null; }`;
    const script = `
      import { Worker } from 'node:worker_threads';
      import { load, onLibbpfLog } from 'libbpf-ts';
      let inside = 0;
      const log = onLibbpfLog(({ text }) => { if (text.includes("'inside'")) inside++; }, { level: 'debug' });
      for (let round = 0; round < 20; round++) {
        const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker)})));
        await new Promise((resolve, reject) => { worker.once('message', resolve); worker.once('error', reject); });
        const before = inside;
        while (inside < before + 5) await new Promise(setImmediate);
        const loads = Promise.all([1, 2, 3].map(() => load('${object}').then(bpf => bpf.close())));
        await worker.terminate();
        await loads;
      }
      log.closeSync();
      console.log(inside >= 100);`;
    const { code, stdout, stderr } = await runScript(script);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'true\n', stderr: '' });
  });

  it('keeps no process alive, and hears the last words of one that ends', async () => {
    const script = `
      import { onLibbpfLog, openSync } from 'libbpf-ts';
      onLibbpfLog(({ text }) => console.log(text), { level: 'debug' });
      openSync('${object}').closeSync();`;
    const { code, stdout } = await runScript(script);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^loading object 'probe' from buffer/);
  });
});

describe('a loaded object', () => {
  it('has what libbpf wrote meanwhile', async () => {
    await using bpf = await load(object);
    expect(bpf.log).not.toContain('BEGIN PROG LOAD LOG');
  });
});
