// The files of another processor that a guest of its kind starts from: the C library, a shell, and what links to them.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Suite } from './suite.mjs';

/** What Node is linked with, a shell and programs to start. */
const packages = ['libc6', 'libgcc-s1', 'libstdc++6', 'dash', 'coreutils'];
/** The oldest release whose files the machines' kernels can run. */
const suite = 'bookworm';

/**
 * @param {string} architecture
 * @param {string} folder
 */
export async function unpackUserland(architecture, folder) {
  if (existsSync(folder)) return;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const release = new Suite(suite, architecture);
  await release.update();
  await release.unpack(packages, partial);
  rmSync(join(partial, 'archives'), { recursive: true });
  renameSync(partial, folder);
}
