// The kernel's list of tracepoints. The library never mounts anything; the demo and the tests do, and say so.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fail } from './progress.mjs';

const folder = '/sys/kernel/tracing';

export function mountTracefs() {
  if (existsSync(`${folder}/events`)) return;
  const { status, stderr } = spawnSync('mount', ['-t', 'tracefs', 'tracefs', folder], { encoding: 'utf8' });
  if (status !== 0) fail(`Tracepoints need tracefs, and ${folder} cannot be mounted here: ${stderr.trim()}.`);
  console.log(`✓ mounted tracefs at ${folder}, where the kernel lists its tracepoints`);
}
