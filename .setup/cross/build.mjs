// Compiles and links one binary. zig brings a compiler, a linker, and the C and C++ libraries of every target; nothing
// of this machine goes in, so that two machines make the same bytes.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run, runAll } from '../command.mjs';
import { root } from '../paths.mjs';
import { folders, work } from './inputs.mjs';
import { units } from './units.mjs';

const zig = join(folders.zig, 'zig');

/** @param {string} cache where zig keeps what it has compiled, of its own libraries too */
function environmentWith(cache) {
  return { SOURCE_DATE_EPOCH: '0', ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache };
}

/** zig adds the undefined behaviour sanitizer unless it is told not to. */
const common = [
  '-O2',
  '-g0',
  '-DNDEBUG',
  '-fPIC',
  '-fvisibility=hidden',
  '-ffunction-sections',
  '-fdata-sections',
  '-fno-sanitize=all',
  '-fstack-protector-strong',
  `-ffile-prefix-map=${work}=.`,
  `-ffile-prefix-map=${root.replace(/\/$/, '')}=.`,
];

const linking = [
  'exports.map',
  '-Wl,-Bsymbolic',
  '-Wl,--gc-sections',
  '-Wl,-z,relro',
  '-Wl,-z,now',
  '-Wl,-soname,bpf.node',
  '-Wl,--build-id=none',
].map(flag => (flag === 'exports.map' ? `-Wl,--version-script=${join(root, 'native/exports.map')}` : flag));

/**
 * Makes the target's binary where the package keeps it, below `folder`.
 *
 * @param {import('../progress.mjs').Log} log
 * @param {import('./targets.mjs').Target} target
 * @param {string} folder
 * @param {string} [cache] zig's
 */
export async function buildTarget(log, { name, triple, file }, folder, cache = join(work, 'cache')) {
  const env = environmentWith(cache);
  const out = join(work, 'out', name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const compiled = units().map(({ source, flags: [mode = 'cc', ...flags] }, at) => {
    const object = join(out, `${String(at).padStart(3, '0')}-${basename(source)}.o`);
    return {
      object,
      command: [zig, mode, '-target', triple, ...common, ...flags, '-c', source, '-o', object],
    };
  });
  await runAll(
    log,
    compiled.map(({ command }) => command),
    undefined,
    { env },
  );
  const addon = join(out, 'bpf.node');
  const objects = compiled.map(({ object }) => object);
  const link = [
    zig,
    'c++',
    '-target',
    triple,
    '-O2',
    '-shared',
    '-s',
    '-fPIC',
    '-o',
    addon,
    ...objects,
    ...linking,
  ];
  await run(log, link, { env });
  cpSync(addon, join(folder, file));
}
