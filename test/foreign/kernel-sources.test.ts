/** What comments name of the kernel as their source is in Debian's source of that kernel. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { kernelSources, kernelVersion } from '../support/kernel-sources.js';
import { folderOf } from './fetch.mjs';

const files = Object.keys(kernelSources);
const digest = createHash('sha256').update(files.join()).digest('hex').slice(0, 8);
let folder = '';

beforeAll(async () => {
  folder = await folderOf({
    name: `linux ${kernelVersion} ${digest}`,
    suites: ['sid'],
    binary: `linux-source-${kernelVersion}`,
    only: files,
    programs: /^$/,
    includes: [],
    least: 0,
  });
}, 600_000);

/** Outside of functions, where a name is defined or declared; a constant may be in an enumeration. */
function isIn(text: string, name: string): boolean {
  const place = /^[A-Z\d_]+$/.test(name)
    ? `\\b${name}\\b`
    : `^(?![\\s/*#]).*\\b${name}\\(|^#define ${name}\\(`;
  const call = `^(BPF_CALL_|SYSCALL_DEFINE)\\d\\(${name},`;
  return new RegExp(`${place}|${call}`, 'm').test(text);
}

it.each(files)('%s has the names', file => {
  const text = readFileSync(join(folder, file), 'utf8');
  expect(kernelSources[file]?.filter(name => !isIn(text, name))).toEqual([]);
});
