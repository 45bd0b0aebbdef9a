// What each part of the package takes of its packed size: packed alone, for one archive has no sizes of its parts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { filesIn, root } from './paths.mjs';

const kinds = ['.d.ts', '.d.cts', '.js', '.cjs'];

/** @param {string} folder of the repository @returns {string[]} lines, the greatest first */
export function sharesOf(folder) {
  const files = filesIn(folder).map(path => ({ path, part: partOf(path.slice(folder.length + 1)) }));
  const parts = [...new Set(files.map(({ part }) => part))];
  const sizes = parts.map(part => ({ part, bytes: packed(files.filter(file => file.part === part)) }));
  const sorted = sizes.sort((a, b) => b.bytes - a.bytes);
  return sorted.map(({ part, bytes }) => `${`${(bytes / 1000).toFixed(0)} kB`.padStart(8)}  ${part}`);
}

/** `dist, .d.ts`, `native`. @param {string} path */
function partOf(path) {
  const [folder = ''] = path.split('/');
  const kind = folder === 'dist' ? kinds.find(ending => path.endsWith(ending)) : undefined;
  return kind === undefined ? folder : `${folder}, ${kind}`;
}

/** @param {readonly { path: string }[]} files */
function packed(files) {
  const bytes = files.map(({ path }) => readFileSync(join(root, path)));
  return gzipSync(Buffer.concat(bytes), { level: 9 }).length;
}
