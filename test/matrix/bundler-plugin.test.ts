/** The plugin in each bundler: BPF C is built on import and on change, and the bundle runs far from any node_modules. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedProject, output } from '../package/project.js';
import { toolFolder } from '../package/tools.js';
import { getppid } from '../support/getppid.js';

/** In a function, for formats that do not wait at the top. */
const app = `import { probe } from './probe.bpf.js';
async function main() {
  const bpf = await probe.load({ rodata: { target_pid: process.pid, watched: ${getppid}n } });
  await bpf.attach();
  void process.ppid;
  for await (const event of bpf.maps.events) {
    console.log(event.pid === process.pid, event.id, bpf.globals.data.step);
    break;
  }
  await bpf.close();
}
main().catch(error => console.log(error.message));
`;

const module = (name: 'rollup' | 'webpack' | 'vite' | 'esbuild', file: string) =>
  JSON.stringify(join(toolFolder(name), 'node_modules', name, file));
const nodeResolve = () =>
  JSON.stringify(
    join(
      toolFolder('@rollup/plugin-node-resolve'),
      'node_modules/@rollup/plugin-node-resolve/dist/es/index.js',
    ),
  );

/** How each is started: once, or watching where an argument says so. Scripts see `watching`. */
const bundlers: Readonly<Record<string, () => string>> = {
  esbuild: () => `import { context } from ${module('esbuild', 'lib/main.js')};
const made = await context({ entryPoints: ['app.js'], bundle: true, platform: 'node', format: 'esm', outfile: 'esbuild/app.js', plugins: [bpfPlugin.esbuild()], logLevel: 'error' });
if (watching) await made.watch(); else { await made.rebuild(); await made.dispose(); }`,
  rollup: () => `import { rollup, watch } from ${module('rollup', 'dist/es/rollup.js')};
import { nodeResolve } from ${nodeResolve()};
const output = { dir: 'rollup', format: 'esm' };
const options = { input: 'app.js', plugins: [bpfPlugin.rollup(), nodeResolve()], external: /^node:/, output };
if (watching) watch(options); else await (await rollup(options)).write(output);`,
  rolldown:
    () => `import { rolldown, watch } from ${JSON.stringify(resolve('node_modules/rolldown/dist/index.mjs'))};
const output = { dir: 'rolldown', format: 'esm' };
const options = { input: 'app.js', platform: 'node', plugins: [bpfPlugin.rolldown()], output };
if (watching) watch(options); else await (await rolldown(options)).write(output);`,
  vite: () => `import { build } from ${module('vite', 'dist/node/index.js')};
await build({ root: '.', configFile: false, logLevel: 'error', plugins: [bpfPlugin.vite()], ssr: { noExternal: true }, build: { ssr: 'app.js', outDir: 'vite', watch: watching ? {} : null } });`,
  webpack: () => `import webpack from ${module('webpack', 'lib/index.js')};
const compiler = webpack({ mode: 'production', target: 'node', entry: './app.js', output: { path: import.meta.dirname + '/webpack', filename: 'app.js' }, plugins: [bpfPlugin.webpack()] });
const done = (error, stats) => { if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exitCode = 1; } };
if (watching) compiler.watch({}, done); else compiler.run(done);`,
};

let project: ReturnType<typeof installedProject>;
/** Far from any node_modules. */
const away = mkdtempSync(join(tmpdir(), 'libbpf-ts-plugin-'));

beforeAll(() => {
  project = installedProject();
  for (const file of ['probe.bpf.o', 'probe.bpf.ts']) rmSync(join(project.folder, file));
  // A copy, for it looks for webpack from where it lies.
  const modules = join(project.folder, 'node_modules');
  cpSync(join(toolFolder('unplugin'), 'node_modules'), modules, { recursive: true });
  symlinkSync(join(toolFolder('webpack'), 'node_modules/webpack'), join(modules, 'webpack'));
  writeFileSync(join(project.folder, 'app.js'), app);
});

afterAll(() => {
  project.remove();
  rmSync(away, { recursive: true, force: true });
});

describe.each(Object.entries(bundlers))('%s', (name, script) => {
  const begin = `import { bpfPlugin } from 'libbpf-ts/bundler';\nconst watching = process.argv[2] === 'watch';\n`;
  const file = (path: string) => join(project.folder, path);

  it('builds BPF C on import, and carries the addon', () => {
    source('__u64 step = 1;');
    writeFileSync(file(`${name}.mjs`), `${begin}${script()}`);
    output(project.folder, process.execPath, `${name}.mjs`);
    expect(output('/', process.execPath, moved(name))).toBe(`true ${getppid} 1n\n`);
    expect(readFileSync(file('probe.bpf.ts'), 'utf8')).toMatch(/export interface Call/);
  });

  it('builds it again when what it includes has changed', async () => {
    source('#include "step.h"');
    writeFileSync(file('step.h'), '__u64 step = 2;\n');
    rmSync(file(name), { recursive: true });
    const child = spawn(process.execPath, [`${name}.mjs`, 'watch'], {
      cwd: project.folder,
      stdio: 'inherit',
    });
    try {
      const printed = () => (existsSync(file(`${name}/app.js`)) ? runIn(name) : '');
      await expect.poll(printed, { timeout: 60_000, interval: 500 }).toBe(`true ${getppid} 2n\n`);
      writeFileSync(file('step.h'), '__u64 step = 3;\n');
      await expect.poll(printed, { timeout: 60_000, interval: 500 }).toBe(`true ${getppid} 3n\n`);
    } finally {
      await ended(child);
    }
  });
});

/** Writes the program, with a line of another's choice in place of that of `step`. */
function source(step: string): void {
  const text = readFileSync('test/bpf/probe.bpf.c', 'utf8');
  writeFileSync(join(project.folder, 'probe.bpf.c'), text.replace('__u64 step = 1;', step));
}

/** What the application prints; empty for one that is being written. */
function runIn(name: string): string {
  try {
    return output('/', process.execPath, moved(name));
  } catch {
    return '';
  }
}

/** The bundle, where nothing else is. */
function moved(name: string): string {
  const folder = join(away, name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(project.folder, name), folder, { recursive: true });
  const type = name === 'webpack' ? 'commonjs' : 'module';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
  return join(folder, 'app.js');
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise(done => child.once('exit', done));
  child.kill();
  await exit;
}
