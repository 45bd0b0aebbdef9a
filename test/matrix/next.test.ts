/** A server of Next.js: a route that loads an object, with the package in the server's bundle and left out of it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installedProject, outputWith } from '../package/project.js';
import { toolFolder } from '../package/tools.js';
import { getppid } from '../support/getppid.js';

const route = `import { probe } from './probe.bpf.js';
export const dynamic = 'force-dynamic';
export async function GET() {
  const bpf = await probe.load({ rodata: { target_pid: process.pid, watched: ${getppid}n } });
  try {
    await bpf.attach();
    void process.ppid;
    for await (const { pid, id } of bpf.maps.events) return Response.json({ ours: pid === process.pid, id });
  } finally {
    await bpf.close();
  }
}
`;
const quiet = { NEXT_TELEMETRY_DISABLED: '1' };
const next = 'node_modules/next/dist/bin/next';

let project: ReturnType<typeof installedProject>;

beforeAll(() => {
  project = installedProject();
  const { folder } = project;
  // A copy: its bundler leaves links that point out of the project alone.
  execFileSync('cp', ['-a', `${join(toolFolder('next'), 'node_modules')}/.`, join(folder, 'node_modules')]);
  rmSync(join(folder, 'probe.bpf.ts'));
  mkdirSync(join(folder, 'app/seen'), { recursive: true });
  const layout = 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n';
  writeFileSync(join(folder, 'app/layout.jsx'), layout);
  writeFileSync(join(folder, 'app/seen/route.js'), route);
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(ts.sys.readFile('test/bpf/probe.bpf.ts') ?? '', {
    compilerOptions,
  });
  writeFileSync(join(folder, 'app/seen/probe.bpf.js'), outputText);
});

afterAll(() => project.remove());

it.each([
  ['in the bundle', '{}'],
  ['left out', "{ serverExternalPackages: ['libbpf-ts'] }"],
])('streams an event with the package %s', async (_, config) => {
  writeFileSync(join(project.folder, 'next.config.mjs'), `export default ${config};\n`);
  outputWith(quiet, project.folder, process.execPath, next, 'build');
  const port = await freePort();
  const server = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: project.folder,
    env: { ...process.env, ...quiet },
    stdio: 'ignore',
  });
  try {
    const answer = () =>
      fetch(`http://127.0.0.1:${port}/seen`).then(
        got => got.json(),
        () => undefined,
      );
    await expect.poll(answer, { timeout: 60_000, interval: 500 }).toEqual({ ours: true, id: getppid });
  } finally {
    await ended(server);
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise(resolve => child.once('exit', resolve));
  child.kill();
  await exit;
}
