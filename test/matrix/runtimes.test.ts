/** Other programs that run JavaScript and know Node-API: the package loads, and its events arrive. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installedProject, output } from '../package/project.js';
import { type ToolName, toolFolder } from '../package/tools.js';
import { getppid } from '../support/getppid.js';

const runtimes: readonly [name: ToolName, executable: string, args: string[]][] = [
  ['@oven/bun-linux-x64', '@oven/bun-linux-x64/bin/bun', []],
  ['deno', '@deno/linux-x64-glibc/deno', ['run', '--allow-all']],
];

/** Twenty calls, with pauses in which the reader waits: a watcher that forgets is seen. */
const app = `import { load } from 'libbpf-ts';
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
console.log(JSON.stringify(seen));
await bpf.close();
`;

let project: ReturnType<typeof installedProject>;

beforeAll(() => {
  project = installedProject();
  writeFileSync(join(project.folder, 'app.mjs'), app);
});

afterAll(() => project.remove());

it.each(runtimes)('%s reads a ring buffer to its end', (name, executable, args) => {
  const command = join(toolFolder(name), 'node_modules', executable);
  const seen = JSON.parse(output(project.folder, command, ...args, 'app.mjs')) as number[];
  expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index));
});
