/** What comments name as their source in libbpf is there: an upgrade that moves or renames it shows here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(join(root, 'native/deps/libbpf.json'), 'utf8'));
const libbpf = join(root, `build/deps/libbpf-${version}/src`);
const libbpfFiles = readdirSync(libbpf).filter(name => /\.[ch]$/.test(name));

/** Files of our own with comments about libbpf. */
function sources(): string[] {
  return ['lib', 'native'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(ts|cc|h)$/.test(name) && !name.startsWith('deps'))
      .map(name => join(root, folder, name)),
  );
}

/** Functions and the files that they are said to be in, as `btf_vlen() and btf_kind() in btf.h`; of libbpf alone. */
function named(text: string): [name: string, file: string][] {
  const comments = text.replace(/\n\s*(\*|\/\/)?\s*/g, ' ');
  const places = comments.matchAll(/((?:\w+\(\)(?:,| and)? )+)in (?:libbpf's )?(\w+\.[ch])\b(?!\/)/g);
  return Array.from(places, ([, names = '', file = '']) =>
    Array.from(names.matchAll(/\w+(?=\(\))/g), ([name]): [string, string] => [name, file]),
  ).flat();
}

it('each function that a comment names is in the file of libbpf that it names', () => {
  const all = sources().flatMap(path => named(readFileSync(path, 'utf8')));
  const ofLibbpf = all.filter(([, file]) => libbpfFiles.includes(file));
  expect(ofLibbpf.length).toBeGreaterThan(20);
  const missing = ofLibbpf.filter(
    ([name, file]) => !new RegExp(`\\b${name}\\(`).test(readFileSync(join(libbpf, file), 'utf8')),
  );
  expect(missing).toEqual([]);
  expect(all.filter(([, file]) => !libbpfFiles.includes(file))).toEqual([]);
});
