// Where the repository lies, and its files by folder and ending.
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The files below a folder of the repository, sorted, as paths that start there.
 *
 * @param {string} folder
 * @param {string} [ending]
 * @returns {string[]}
 */
export function filesIn(folder, ending = '') {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith(ending))
    .map(entry => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}
