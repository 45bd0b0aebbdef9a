// The programs and libraries that bpftrace's runtime tests trace, built from the checkout into a folder of their own.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const flags = ['-g', '-O0', '-fno-omit-frame-pointer', '-w'];

/**
 * Builds what is not built yet. What does not build, for want of a compiler or a header, is left out.
 *
 * @param {string} checkout
 * @param {string} folder where cases run: it has `testprogs`, `testlibs` and `runtime`
 */
export function buildPrograms(checkout, folder) {
  const tests = resolve(checkout, 'tests');
  for (const name of ['testprogs', 'testlibs']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['runtime', 'data'])
    if (!existsSync(join(folder, name))) symlinkSync(join(tests, name), join(folder, name));
  const include = ['-I', join(tests, 'include'), '-I', join(tests, 'testlibs')];
  for (const source of sources(join(tests, 'testlibs')))
    compile(
      source,
      join(folder, 'testlibs', `lib${stem(source)}.so`),
      ['-shared', '-fPIC', ...include],
      0o644,
    );
  const libraries = [
    ...['-L', join(folder, 'testlibs'), '-Wl,--as-needed', '-l:libusdt_tp.so'],
    ...['-Wl,-rpath', join(folder, 'testlibs'), '-lpthread', '-ldl'],
  ];
  for (const source of sources(join(tests, 'testprogs'))) {
    const target = join(folder, 'testprogs', stem(source));
    compile(source, target, ['-no-pie', ...include, ...libraries], 0o755);
    compile(source, `${target}-pie`, ['-fpie', '-pie', ...include, ...libraries], 0o755);
  }
}

/** @param {string} folder */
function sources(folder) {
  return readdirSync(folder)
    .filter(name => /\.(?:c|cpp)$/.test(name))
    .map(name => join(folder, name));
}

/** @param {string} source */
const stem = source => basename(source).replace(/\.\w+$/, '');

/** @param {string} source @param {string} target @param {readonly string[]} more @param {number} mode */
function compile(source, target, more, mode) {
  if (existsSync(target)) return;
  const compiler = source.endsWith('.cpp') ? 'c++' : 'cc';
  const { status } = spawnSync(compiler, [...flags, source, '-o', target, ...more], { stdio: 'ignore' });
  if (status === 0) chmodSync(target, mode);
}
