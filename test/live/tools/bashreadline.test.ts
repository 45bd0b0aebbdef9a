/** bashreadline: lines typed into a shell of the test's own. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowsOf, startTool, toolWith, Watched } from '../../support/tool-runs.js';

const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-shell-'));
const shell = join(folder, 'shell');
beforeAll(() => copyFileSync(realpathSync('/bin/bash'), shell));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly pid: number;
  readonly comm: string;
  readonly line: string;
  readonly truncated: boolean;
}

const lines = ['echo first', '', 'printf \'%s\\n\' "ünï"', `: ${'x'.repeat(5000)}`, 'exit'];

it('bashreadline shows each line once and whole, none of other shells', async () => {
  const tool = await startTool('bashreadline', '--json', '--binary', shell);
  const typed = new Watched(
    spawn('script', ['--quiet', '--command', `${shell} --norc --noprofile -i`, '/dev/null'], {
      env: { ...process.env, LC_ALL: 'C.UTF-8', HISTFILE: '' },
    }),
  );
  await typed.says(/[#$] /);
  for (const line of lines) typed.child.stdin.write(`${line}\n`);
  await typed.ended;
  await tool.stop();
  const rows = rowsOf<Row>(tool);
  expect(rows.map(({ line }) => line)).toEqual(lines.map(line => line.slice(0, 4095)));
  expect(rows.map(({ truncated }) => truncated)).toEqual(lines.map(line => line.length > 4095));
  expect(new Set(rows.map(({ comm }) => comm))).toEqual(new Set(['shell']));
  expect(tool.stderr).toMatch(/^5 rows; 0 lost$/m);
});

it('bashreadline says where no readline is', async () => {
  const { code, stderr } = await toolWith('bashreadline', '--binary', '/bin/true');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/\/bin\/true .*readline/)]);
});
