// Prints the linker's arguments for what libbpf needs: libelf and zlib, both static, so that the addon
// brings its own. A libelf of 0.189 or newer wants zstd too. $CC and $LDFLAGS may be those of another processor.
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
  const { CC = 'cc', LDFLAGS = '' } = process.env;
  const query = [...LDFLAGS.split(' ').filter(Boolean), `-print-file-name=lib${name}.a`];
  return isAbsolute(execFileSync(CC, query, { encoding: 'utf8' }).trim());
}
