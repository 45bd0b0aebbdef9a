/** The example of two processes: root loads and becomes nobody, and nobody reads. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BpfFileSystem } from '../support/bpffs.js';
import { ended } from '../support/child.js';
import { PublicCopy } from '../support/public-copy.js';

const nobody = { uid: 65534, gid: 65534 };

it('counts and is read without a right, and tidies up', async () => {
  using files = new BpfFileSystem();
  using copy = new PublicCopy('build/examples/privileges');
  chmodSync(files.path, 0o755);
  const folder = `${files.path}/executions`;
  const example = (name: string) => `${copy.path}/build/examples/privileges/${name}.js`;
  const read = () => ended(process.execPath, [example('reader'), folder], { ...nobody, cwd: '/' });

  const loader = spawn(process.execPath, [example('loader'), folder, `${process.pid}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(loader.stdout, 'data');
    expect(String(line)).toBe(`counting as user 65534; read ${folder}/counts\n`);
    for (let run = 0; run < 3; run++) execFileSync('true');
    expect(await read()).toMatchObject({ stderr: '', stdout: `${'4'.padStart(8)} by ${comm()}\n` });
    const { stdout } = await ended('grep', ['-E', '^(Uid|CapPrm|CapEff):', `/proc/${loader.pid}/status`]);
    expect(stdout.match(/[1-9]\d*/g)).toEqual(Array(4).fill('65534'));
    loader.kill('SIGTERM');
    const [last] = await once(loader.stdout, 'data');
    expect(String(last)).toBe('5 executions\n');
    await once(loader, 'close');
    expect(existsSync(`${folder}/counts`)).toBe(false);
    expect((await read()).stderr).toContain('ENOENT');
  } finally {
    loader.kill('SIGKILL');
  }
});

/** What this process is called, of whose children the loader is told. */
function comm(): string {
  return readFileSync('/proc/self/comm', 'utf8').trim();
}
