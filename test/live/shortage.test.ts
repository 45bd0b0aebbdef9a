/** A process that is short of descriptors is told so, and as soon as it has some again everything works. */
import { expect, it } from 'vitest';
import { runScript } from '../support/child.js';
import { need } from '../support/need.js';

const object = new URL('../bpf/cookies.bpf.o', import.meta.url).pathname;

/** What every script starts with: `withFree(n, work)` leaves the process n descriptors for the length of the work. */
const prelude = `
import { closeSync, openSync } from 'node:fs';
import { BpfError, libbpfVersion, load, open } from 'libbpf-ts';
import { features } from 'libbpf-ts/features';

libbpfVersion();
const binary = process.execPath;
function fill() {
  const held = [];
  try { for (;;) held.push(openSync('/dev/null')); } catch (error) { if (error.code !== 'EMFILE') throw error; }
  return held;
}
async function withFree(count, work) {
  const held = fill();
  for (const fd of held.splice(0, count)) closeSync(fd);
  const outcome = await work().then(() => 'done', error => error instanceof BpfError ? error.message : String(error.stack));
  for (const fd of held) closeSync(fd);
  return outcome;
}
async function opened() {
  const bpf = await open(${JSON.stringify(object)}, { rodata: { target_pid: process.pid } });
  bpf.programs.in_user_code.autoload = true;
  return bpf;
}
async function cookieOf(bpf) {
  await bpf.programs.in_user_code.attach({ binary, function: 'uv_os_getppid', pid: process.pid, cookie: 7n });
  void process.ppid;
  return bpf.globals.bss.cookie;
}
`;

/** `free` descriptors while the kernel is first asked what it can; then all of them. */
const loadsLate = (free: number) => `${prelude}
const first = await opened();
const outcome = await withFree(${free}, () => first.load());
const bpf = await (await opened()).load();
console.log(JSON.stringify([outcome, String(await cookieOf(bpf))]));
await bpf.close();
`;

const attachesLate = (free: number) => `${prelude}
const bpf = await (await opened()).load();
const outcome = await withFree(${free}, () => cookieOf(bpf));
console.log(JSON.stringify([outcome, String(await cookieOf(bpf))]));
await bpf.close();
`;

const wrapper = ['prlimit', '--nofile=96'];
const said = /: EMFILE, too many open files.* \(this process has all the files open that it may: /;

async function outcomeOf(script: string): Promise<[outcome: string, cookie: string]> {
  const { stdout, stderr } = await runScript(script, [], wrapper);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

it.for([
  ['loading', loadsLate, 7],
  ['attaching', attachesLate, 4],
] as const)(
  '%s with too few descriptors says so, and a probe that failed is not remembered',
  async ([, script, most], context) => {
    need(context, 'cookie');
    const outcomes: string[] = [];
    for (let free = 0; free < most; free++) {
      const [outcome, cookie] = await outcomeOf(script(free));
      expect([free, cookie]).toEqual([free, '7']);
      outcomes.push(outcome);
    }
    expect(outcomes[0]).toMatch(said);
    expect(outcomes.filter(outcome => outcome !== 'done' && !said.test(outcome))).toEqual([]);
  },
);

it('open() says so too, and not that the object is a bad one', async () => {
  const script = `${prelude}
const outcome = await withFree(0, opened);
console.log(JSON.stringify([outcome, (await opened()) && 'opens']));
`;
  const [outcome, later] = await outcomeOf(script);
  expect([outcome, later]).toEqual([expect.stringMatching(said), 'opens']);
});

it('features() throws rather than saying no, and answers as ever afterwards', async () => {
  const script = `${prelude}
const outcome = await withFree(0, () => features());
const { programTypes } = await features();
console.log(JSON.stringify([outcome, programTypes.socket_filter.answer]));
`;
  const [outcome, answer] = await outcomeOf(script);
  expect([outcome, answer]).toEqual([expect.stringMatching(said), 'yes']);
});
