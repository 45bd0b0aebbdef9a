/** Applications that are bundled: beside node_modules, without it, and with the binary along. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getppid } from '../support/getppid.js';
import { installedProject, output } from './project.js';
import { toolCommand, toolFolder } from './tools.js';

const app = `import { probe } from './probe.bpf.js';
const bpf = await probe.load({ rodata: { target_pid: process.pid, watched: ${getppid}n } });
await bpf.attach();
void process.ppid;
for await (const event of bpf.maps.events) {
  console.log(event.pid === process.pid, event.id);
  break;
}
await bpf.close();
`;
const inFunction = `import { probe } from './probe.bpf.js';
async function main() {${app.replace(/^import.*\n/, '\n')}}
main().catch(error => console.log(error.message));
`;
const streamed = `true ${getppid}\n`;

let project: ReturnType<typeof installedProject>;
/** Far from any node_modules. */
const elsewhere = mkdtempSync(join(tmpdir(), 'libbpf-ts-bundle-'));

beforeAll(() => {
  project = installedProject();
  writeFileSync(join(project.folder, 'app.ts'), inFunction);
  writeFileSync(
    join(project.folder, 'carrying.ts'),
    `import 'libbpf-ts/addon/linux-${process.arch}';\n${inFunction}`,
  );
});

afterAll(() => {
  project.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});

describe.each([
  ['esm', 'mjs'],
  ['cjs', 'cjs'],
])('esbuild, %s', (format, ending) => {
  const bundle = (entry: string, ...more: string[]) => {
    const options = ['--bundle', '--platform=node', `--format=${format}`, `--outfile=out/${entry}.${ending}`];
    output(project.folder, toolCommand('esbuild'), `${entry}.ts`, ...options, '--log-level=error', ...more);
    return join(project.folder, `out/${entry}.${ending}`);
  };

  it('runs beside node_modules', () => {
    expect(output('/', process.execPath, bundle('app'))).toBe(streamed);
  });

  it('says what to do where there is no node_modules', () => {
    const moved = join(elsewhere, `app.${ending}`);
    cpSync(bundle('app'), moved);
    expect(output('/', process.execPath, moved)).toMatch(/this code is bundled.*keep libbpf-ts external/);
  });

  it('runs elsewhere by LIBBPF_TS_ADDON', () => {
    const moved = join(elsewhere, `named.${ending}`);
    cpSync(bundle('app'), moved);
    const env = { ...process.env, LIBBPF_TS_ADDON: shippedAddon() };
    expect(execFileSync(process.execPath, [moved], { env, encoding: 'utf8' })).toBe(streamed);
  });

  it('carries the binary of a door', () => {
    const folder = join(elsewhere, format);
    bundle('carrying', '--loader:.node=file');
    cpSync(join(project.folder, 'out'), folder, { recursive: true });
    expect(output('/', process.execPath, join(folder, `carrying.${ending}`))).toBe(streamed);
  });
});

describe('vite', () => {
  it('runs a server build beside node_modules', () => {
    const script = `import { build } from '${join(toolFolder('vite'), 'node_modules/vite/dist/node/index.js')}';
await build({ root: ${JSON.stringify(project.folder)}, logLevel: 'error', build: { ssr: 'app.ts', outDir: 'vite-out' } });`;
    output(project.folder, process.execPath, '--input-type=module', '-e', script);
    expect(output('/', process.execPath, join(project.folder, 'vite-out/app.js'))).toBe(streamed);
  });
});

/** The one for this machine, as it was installed. */
function shippedAddon(): string {
  const print =
    "process.stdout.write(process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl')";
  const libc = output('.', process.execPath, '-e', print);
  const version = process.arch === 'arm64' ? '.armv8' : '';
  return join(
    project.folder,
    `node_modules/libbpf-ts/prebuilds/linux-${process.arch}/libbpf-ts${version}.${libc}.node`,
  );
}
