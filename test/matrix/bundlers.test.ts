/** Other bundlers than esbuild and vite, as their users start them: the bundle runs beside node_modules. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedProject, output } from '../package/project.js';
import { toolCommand, toolFolder } from '../package/tools.js';
import { getppid } from '../support/getppid.js';

/** In a function, for formats that do not wait at the top. */
const app = `import { probe } from './probe.bpf.js';
async function main() {
  const bpf = await probe.load({ rodata: { target_pid: process.pid, watched: ${getppid}n } });
  await bpf.attach();
  void process.ppid;
  for await (const event of bpf.maps.events) {
    console.log(event.pid === process.pid, event.id);
    break;
  }
  await bpf.close();
}
main().catch(error => console.log(error.message));
`;
const streamed = `true ${getppid}\n`;

let project: ReturnType<typeof installedProject>;

beforeAll(() => {
  project = installedProject();
  const module = ts.sys.readFile('test/bpf/probe.bpf.ts') ?? '';
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(module, { compilerOptions });
  writeFileSync(join(project.folder, 'probe.bpf.js'), outputText);
  writeFileSync(join(project.folder, 'app.js'), app);
});

afterAll(() => project.remove());

describe('a bundle beside node_modules', () => {
  it('of rollup', () => {
    const { rollup, plugin } = {
      rollup: imported('rollup'),
      plugin: imported('@rollup/plugin-node-resolve'),
    };
    const script = `import { rollup } from ${rollup};
import { nodeResolve } from ${plugin};
const bundle = await rollup({ input: 'app.js', plugins: [nodeResolve()], external: /^node:/ });
await bundle.write({ dir: 'rollup', format: 'esm' });`;
    run('rollup.mjs', script);
    expect(printed('rollup/app.js')).toBe(streamed);
  });

  it.each([
    ['esm', 'mjs'],
    ['cjs', 'cjs'],
  ])('of rolldown, %s', (format, ending) => {
    const script = `import { rolldown } from ${JSON.stringify(resolve('node_modules/rolldown/dist/index.mjs'))};
const bundle = await rolldown({ input: 'app.js', platform: 'node' });
await bundle.write({ dir: 'rolldown-${format}', format: '${format}', entryFileNames: 'app.${ending}', chunkFileNames: '[name].${ending}' });`;
    run('rolldown.mjs', script);
    expect(printed(`rolldown-${format}/app.${ending}`)).toBe(streamed);
  });

  it('of webpack', () => {
    const script = `import webpack from ${imported('webpack')};
const output = { path: import.meta.dirname + '/webpack', filename: 'app.cjs' };
const compiler = webpack({ mode: 'production', target: 'node', entry: './app.js', output });
compiler.run((error, stats) => {
  if (error || stats.hasErrors()) console.error(error ?? stats.toString());
  process.exitCode = error || stats.hasErrors() ? 1 : 0;
});`;
    run('webpack.mjs', script);
    expect(printed('webpack/app.cjs')).toBe(streamed);
  });

  it('of ncc', () => {
    output(project.folder, toolCommand('@vercel/ncc', 'ncc'), 'build', 'app.js', '--out', 'ncc');
    expect(printed('ncc/index.js')).toBe(streamed);
  });

  it('of tsup, with the package inside', () => {
    const script = `import { build } from ${imported('tsup')};
await build({ entry: ['app.js'], format: 'esm', noExternal: [/./], outDir: 'tsup', silent: true, config: false });`;
    run('tsup.mjs', script);
    expect(printed('tsup/app.js')).toBe(streamed);
  });
});

/** The file of a tool's module, as a text in a script. */
function imported(name: 'rollup' | 'webpack' | 'tsup' | '@rollup/plugin-node-resolve'): string {
  const folder = join(toolFolder(name), 'node_modules', name);
  const entry = { rollup: 'dist/es/rollup.js', webpack: 'lib/index.js', tsup: 'dist/index.js' } as const;
  const file = name === '@rollup/plugin-node-resolve' ? 'dist/es/index.js' : entry[name];
  return JSON.stringify(join(folder, file));
}

function run(name: string, script: string): void {
  mkdirSync(join(project.folder, 'scripts'), { recursive: true });
  writeFileSync(join(project.folder, name), script);
  output(project.folder, process.execPath, name);
}

function printed(file: string): string {
  return output('/', process.execPath, join(project.folder, file));
}
