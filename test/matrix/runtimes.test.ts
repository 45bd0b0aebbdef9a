/** Other programs that run JavaScript and know Node-API: the package loads, and its events arrive. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { muslBun } from '../package/musl-bun.js';
import { installedProject, output } from '../package/project.js';
import { type ToolName, toolFolder } from '../package/tools.js';
import { getppid } from '../support/getppid.js';

/** What starts a script, and for which C library the addon is that it loads. */
const runtimes: readonly [name: string, command: () => string[] | Promise<string[]>, libc: string][] = [
  ['bun', () => [installed('@oven/bun-linux-x64', '@oven/bun-linux-x64/bin/bun')], 'glibc'],
  ['bun on musl', muslBun, 'musl'],
  ['deno', () => [installed('deno', '@deno/linux-x64-glibc/deno'), 'run', '--allow-all'], 'glibc'],
];

function installed(name: ToolName, executable: string): string {
  return join(toolFolder(name), 'node_modules', executable);
}

/** Twenty calls, with pauses in which the reader waits: a watcher that forgets is seen. */
const app = `import { load } from 'libbpf-ts';
import { readFileSync } from 'node:fs';
import process from 'node:process';
const bpf = await load('probe.bpf.o', { rodata: { target_pid: process.pid, watched: ${getppid}n } });
await bpf.attach();
const seen = [];
bpf.maps.events.on('event', event => seen.push(Number(event.sequence)));
for (let i = 0; i < 20; i++) {
  void process.ppid;
  await new Promise(resolve => setTimeout(resolve, 10));
}
await new Promise(resolve => setTimeout(resolve, 200));
const [, libc] = /libbpf-ts\\.(\\w+)\\.node$/m.exec(readFileSync('/proc/self/maps', 'utf8')) ?? [];
console.log(JSON.stringify({ seen, libc }));
await bpf.close();
`;

let project: ReturnType<typeof installedProject>;

beforeAll(() => {
  project = installedProject();
  writeFileSync(join(project.folder, 'app.mjs'), app);
});

afterAll(() => project.remove());

it.each(runtimes)('%s reads a ring buffer to its end', async (_, command, libc) => {
  const [executable = '', ...args] = await command();
  const answer = JSON.parse(output(project.folder, executable, ...args, 'app.mjs'));
  expect(answer).toEqual({ seen: Array.from({ length: 20 }, (_, index) => index), libc });
});
