// Packages of any Debian release, libbpf's source first, through the mirrors and keys that this machine's apt already uses.
// Lists and cache are private folders: nothing of the machine's own configuration is read by apt or changed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** @typedef {{ uri: string, signedBy: string, suites: string[] }} Source */

/**
 * Downloads the upstream archive of one version into `folder`.
 *
 * @param {{ source: string, suites: string[], archive?: string }} debian `archive`: the upstream archive's name there
 * @param {string} version
 * @param {string} folder
 * @returns {string} the archive's path
 */
export function fromDebian({ source, suites, archive }, version, folder) {
  const name = archive ?? `${source}_${version}.orig.tar.gz`;
  const mirrors = debianMirrors();
  if (mirrors.length === 0) throw new Error("no Debian mirror in this machine's apt sources");
  for (const suite of suites) {
    const path = fromSuite(suite, mirrors, source, version, join(folder, name));
    if (path !== undefined) return path;
  }
  throw new Error(`no version ${version} in ${suites.join(', ')}`);
}

/**
 * @param {string} suite
 * @param {Source[]} mirrors
 * @param {string} source
 * @param {string} version
 * @param {string} archive the path that it gets
 */
function fromSuite(suite, mirrors, source, version, archive) {
  const folder = dirname(archive);
  if (existsSync(archive)) return archive;
  const options = privateApt(join(folder, 'apt', suite), mirrors, suite, 'deb-src');
  execFileSync('apt-get', [...options, 'update'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const records = execFileSync('apt-cache', [...options, 'showsrc', source], { encoding: 'utf8' });
  const package_ = records.match(new RegExp(`^Version: (${version.replace(/[.+]/g, '\\$&')}-.*)$`, 'm'))?.[1];
  if (package_ === undefined) return undefined;
  const get = ['source', '--tar-only', '--download-only', `${source}=${package_}`];
  execFileSync('apt-get', [...options, ...get], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  return archive;
}

/**
 * What apt's commands are told so that they see one release alone, and keep all of their state in `folder`.
 *
 * @param {string} folder
 * @param {Source[]} mirrors
 * @param {string} suite
 * @param {'deb' | 'deb-src'} type
 * @param {string} [architecture] of binary packages, as `arm64`; this machine's if not given
 */
export function privateApt(folder, mirrors, suite, type, architecture) {
  for (const part of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(join(folder, part), { recursive: true });
  const lines = mirrors.map(({ uri, signedBy }) => `${type} [signed-by=${signedBy}] ${uri} ${suite} main\n`);
  writeFileSync(join(folder, 'sources.list'), lines.join(''));
  return Object.entries({
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(folder, 'lists'),
    // Without it apt asks for the version that is installed here, which another release does not have.
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Check-Date': 'false',
    'APT::Sandbox::User': 'root',
    ...(architecture && { 'APT::Architecture': architecture, 'APT::Architectures': architecture }),
  }).map(([name, value]) => `-o${name}=${value}`);
}

/** The mirrors that serve this machine's own Debian release, each once. */
export function debianMirrors() {
  const release = readFileSync('/etc/os-release', 'utf8').match(/^VERSION_CODENAME=(.*)$/m)?.[1] ?? '';
  const mirrors = aptSources().filter(({ suites }) => suites.includes(release) || suites.includes('stable'));
  return mirrors.filter(({ uri }, at) => mirrors.findIndex(other => other.uri === uri) === at);
}

/** Every source that apt knows here, in both of its formats. */
function aptSources() {
  const parts = '/etc/apt/sources.list.d';
  const names = existsSync(parts) ? readdirSync(parts).map(name => join(parts, name)) : [];
  const files = ['/etc/apt/sources.list', ...names].filter(path => existsSync(path));
  return files.flatMap(path => {
    const text = readFileSync(path, 'utf8');
    return path.endsWith('.sources') ? stanzas(text) : oneLiners(text);
  });
}

/**
 * @param {string} text in deb822 format
 * @returns {Source[]}
 */
function stanzas(text) {
  return text.split(/\n\s*\n/).flatMap(stanza => {
    const field = (/** @type {string} */ name) =>
      stanza
        .match(new RegExp(`^${name}:\\s*(.*)$`, 'im'))?.[1]
        ?.trim()
        .split(/\s+/) ?? [];
    const [signedBy = keyring] = field('Signed-By');
    return field('URIs').map(uri => ({ uri, signedBy, suites: field('Suites') }));
  });
}

/**
 * @param {string} text in one-line format
 * @returns {Source[]}
 */
function oneLiners(text) {
  const line = /^deb(?:-src)?\s+(?:\[(?<options>.*?)\]\s+)?(?<uri>\S+)\s+(?<suite>\S+)/gm;
  return [...text.matchAll(line)].map(({ groups = {} }) => {
    const signedBy = groups.options?.match(/signed-by=(\S+)/i)?.[1] ?? keyring;
    return { uri: groups.uri ?? '', signedBy, suites: [groups.suite ?? ''] };
  });
}
