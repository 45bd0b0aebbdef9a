/** What is done with a file: every way in which one reaches libbpf, by the public functions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadSync, openSync } from 'libbpf-ts';
import { usdtProbesSync } from 'libbpf-ts/btf';
import { linkObjects, vmlinuxHeader } from 'libbpf-ts/build';

/**
 * @typedef {(bytes: Uint8Array, path: string) => Promise<void>} Use
 * @typedef {{ seeds: readonly string[], use: Use }} Target
 */

const object = (/** @type {string} */ name) => `test/bpf/${name}.bpf.o`;
/** Between them these have all that libbpf looks for in an object. None is pinned. */
const objects = [
  ...[
    'arena',
    'congestion',
    'congestion_link',
    'core',
    'jump_table',
    'kprobe',
    'linked',
    'linked_part',
    'many',
  ],
  ...['maps', 'memory', 'probe', 'settings', 'stream', 'streams', 'user'],
].map(object);

/**
 * @param {string} folder where the traced program and the types are
 * @returns {Record<string, Target>}
 */
export function targets(folder) {
  return {
    object: { seeds: objects, use: loaded },
    linked: { seeds: objects, use: linked },
    types: { seeds: [`${folder}/types.btf`], use: typed },
    traced: { seeds: [`${folder}/traced`], use: traced },
  };
}

/** Most that a map may have here: this machine is shared. */
const mostEntries = 1 << 16;

/** @type {Use} */
async function loaded(bytes) {
  const opened = openSync(bytes);
  await outcome(() => look(opened.globals));
  const maps = /** @type {{ maxEntries: number }[]} */ (Object.values(opened.maps));
  if (maps.some(({ maxEntries }) => maxEntries > mostEntries)) return opened.closeSync();
  const bpf = await opened.load();
  await outcome(() => look(bpf.globals));
  bpf.closeSync();
}

/**
 * Reads every variable.
 *
 * @param {object} sections
 */
function look(sections) {
  for (const section of Object.values(sections)) for (const name of Object.keys(section)) void section[name];
}

const partner = readFileSync(object('linked_part'));

/** @type {Use} */
async function linked(bytes) {
  const alone = await linkObjects([bytes]);
  openSync(alone).closeSync();
  await linkObjects([partner, bytes]);
}

const relocated = readFileSync(object('core'));

/** @type {Use} */
async function typed(bytes, path) {
  writeFileSync(path, bytes);
  await vmlinuxHeader(path);
  // Few kernels have only these types: that it ends is what counts.
  await outcome(async () => (await openSync(relocated, { btf: path }).load()).closeSync());
}

const tracing = [object('user'), object('usdt')];
/** @type {any[]} */
const probes = [];

/** @type {Use} */
async function traced(bytes, path) {
  if (probes.length === 0) probes.push(...tracing.map(file => loadSync(file)));
  const [user, usdt] = probes;
  writeFileSync(path, bytes);
  await outcome(() => usdtProbesSync(path));
  await outcome(() => detached(user.programs.called.attach({ binary: path, function: 'first' })));
  await detached(usdt.programs.probed.attach({ binary: path, provider: 'shop', name: 'sold' }));
}

/** @param {Promise<{ detach(): Promise<void> }>} attaching */
async function detached(attaching) {
  await (await attaching).detach();
}

/**
 * Runs an action that may be refused; anything but an error of the library's own is passed on.
 *
 * @param {() => unknown} action
 */
export async function outcome(action) {
  try {
    await action();
    return 'taken';
  } catch (error) {
    const { name, operation, message } = /** @type {any} */ (error);
    const isOurs =
      (name === 'BpfError' || name === 'VerifierError') && message.length > operation.length + 10;
    if (!isOurs) throw error;
    return /ERR_BPF_(ELF|BTF)/.test(message) ? 'screened' : 'refused';
  }
}
