/** A bundle in one file, far from the package: what calls that do not wait can do, and say, before `preload()` and after. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkout, ended } from '../support/child.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-bundled-'));
const file = join(folder, 'application.mjs');

const source = `import { bounds } from ${JSON.stringify(resolve('test/bpf/rejected/bounds.bpf.ts'))};
import { probe } from ${JSON.stringify(resolve('test/bpf/probe.bpf.ts'))};
import { preload } from 'libbpf-ts';
const bpf = await probe.load();
function tried(what) {
  try { return what(); } catch ({ name, code, message, log }) { return { name, code, message, log }; }
}
function rejected() {
  const opened = bounds.openSync();
  opened.programs.unchecked_read.autoload = true;
  return opened.loadSync();
}
const run = () => bpf.programs.passed.testRunSync({ data: new Uint8Array(64) }).retval;
const before = [tried(rejected), tried(run)];
await preload();
console.log(JSON.stringify([before, [tried(rejected), tried(run)]]));
await bpf.close();`;

beforeAll(async () => {
  const doors = {
    'libbpf-ts/skeleton': resolve('dist/doors/skeleton.js'),
    'libbpf-ts': resolve('dist/index.js'),
  };
  const bundle = await rolldown({
    input: 'application',
    platform: 'node',
    resolve: { alias: doors },
    plugins: [
      {
        name: 'application',
        resolveId: id => (id === 'application' ? resolve('test/application.ts') : undefined),
        load: id => (id === resolve('test/application.ts') ? source : undefined),
      },
    ],
  });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('says what is not loaded, and explains after preload()', async () => {
  const env = { ...process.env, LIBBPF_TS_ADDON: join(checkout, 'build/Release/bpf.node') };
  const { stdout } = await ended(process.execPath, [file], { cwd: '/', env });
  const [[refused, notRun], [explained, retval]] = JSON.parse(stdout);
  expect(refused).toMatchObject({
    name: 'BpfError',
    code: 'EACCES',
    log: expect.stringContaining("prog 'unchecked_read': -- BEGIN PROG LOAD LOG --"),
    message: expect.stringMatching(
      /^load bounds: EACCES, the kernel refused program unchecked_read \(.*not loaded: await preload\(\)/,
    ),
  });
  expect(notRun).toMatchObject({ code: 'ERR_BPF_PART' });
  expect(explained).toMatchObject({
    name: 'VerifierError',
    message: expect.stringContaining('bounds.bpf.c:'),
  });
  // XDP_PASS
  expect(retval).toBe(2);
});
