/** What is no file is written to, and not replaced: else a command with `-o /dev/null` takes that from the machine. */
import { execFileSync, spawn } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { writeTogether } from '../../../lib/compile/files.js';
import { temporary } from '../../support/temporary.js';

it('a pipe stays one, and gets the content beside files', async () => {
  const pipe = temporary('pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = spawn('cat', [pipe]);
  const [read] = await Promise.all([
    text(reader.stdout),
    writeTogether([
      { path: pipe, content: 'to the pipe' },
      { path: temporary('file'), content: 'to the file' },
    ]),
  ]);
  expect([read, readFileSync(temporary('file'), 'utf8')]).toEqual(['to the pipe', 'to the file']);
  expect(lstatSync(pipe).isFIFO()).toBe(true);
});
