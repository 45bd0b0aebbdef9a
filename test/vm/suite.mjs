// One release of Debian, whose packages can be asked for and unpacked; nothing is installed.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { debianMirrors, privateApt } from '../../native/deps/debian.mjs';
import { outputOf } from './output.mjs';
import { cache } from './paths.mjs';

export class Suite {
  #apt;

  /**
   * @param {string} name as `bookworm`
   * @param {string} architecture as `arm64`
   */
  constructor(name, architecture) {
    this.name = name;
    this.#apt = privateApt(
      join(cache, 'apt', architecture, name),
      debianMirrors(),
      name,
      'deb',
      architecture,
    );
  }

  /** Reads the release's package lists again. */
  async update() {
    await outputOf('apt-get', [...this.#apt, '-oAPT::Update::Error-Mode=any', '--quiet', 'update']);
  }

  /**
   * The packages that a package needs and whose names match, and those that these need.
   *
   * @param {string} name
   * @param {RegExp} wanted
   * @returns {Promise<string[]>}
   */
  async dependencies(name, wanted) {
    const record = await this.#record(name);
    const field = record.match(/^Depends: (.*)$/m)?.[1] ?? '';
    const direct = field.split(/[,|]/).flatMap(entry => entry.trim().split(' ')[0] ?? []);
    const matching = direct.filter(entry => wanted.test(entry));
    const indirect = await Promise.all(matching.map(entry => this.dependencies(entry, wanted)));
    return [...new Set([...matching, ...indirect.flat()])];
  }

  /** @param {string} name */
  async #record(name) {
    const records = await outputOf('apt-cache', [...this.#apt, '--no-all-versions', 'show', name]);
    return records.split('\n\n')[0] ?? '';
  }

  /**
   * Unpacks packages into a folder, without running any of their scripts.
   *
   * @param {readonly string[]} names
   * @param {string} folder
   */
  async unpack(names, folder) {
    const archives = join(folder, 'archives');
    mkdirSync(archives, { recursive: true });
    await outputOf('apt-get', [...this.#apt, '--quiet', 'download', ...names], archives);
    for (const archive of readdirSync(archives))
      await outputOf('dpkg-deb', ['--extract', join(archives, archive), folder]);
  }
}
