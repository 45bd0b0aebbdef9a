// Prints the linker's arguments for what libbpf needs: libelf and zlib, both static, so that the addon
// brings its own. A libelf of 0.189 or newer wants zstd too.
import { execFileSync } from 'node:child_process';
import { isAbsolute } from 'node:path';

const missing = ['elf', 'z'].filter(name => !isStatic(name));
if (missing.length > 0) {
  const files = missing.map(name => `lib${name}.a`).join(' and ');
  console.error(`${files} not found: on Debian, apt-get install libelf-dev zlib1g-dev`);
  process.exit(1);
}
for (const name of ['elf', 'z', 'zstd'].filter(isStatic)) console.log(`-l:lib${name}.a`);

/** @param {string} name */
function isStatic(name) {
  const compiler = process.env.CC ?? 'cc';
  return isAbsolute(execFileSync(compiler, [`-print-file-name=lib${name}.a`], { encoding: 'utf8' }));
}
