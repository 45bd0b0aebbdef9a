/** Node's permission model: the error names the flag that lets addons in, and with it everything works. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkout, ended } from '../support/child.js';

const script = join(checkout, 'build/permission.mjs');
const model = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

it('is named where it keeps the addon out', async () => {
  writeFileSync(script, "import { libbpfVersion } from 'libbpf-ts';\nconsole.log(libbpfVersion());\n");
  const start = (...flags: string[]) =>
    ended(process.execPath, [model, '--allow-fs-read=*', ...flags, script]);
  const { code, stderr } = await start();
  expect(code).toBe(1);
  expect(stderr).toMatch(/ERR_BPF_ADDON, .*loading addons is disabled.* \(start node with --allow-addons\)/);
  const allowed = await start('--allow-addons');
  expect([allowed.code, allowed.stdout]).toEqual([0, expect.stringMatching(/^1\.\d+\n$/)]);
});
