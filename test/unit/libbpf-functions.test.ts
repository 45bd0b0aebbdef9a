/** The page that says where each function of libbpf is: it has all of them, and what it names is there. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { areas, namesOf, pageOfFunctions } from '../support/libbpf-functions.js';

const root = new URL('../../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('native/deps/libbpf.json', root), 'utf8'));
const exported = readFileSync(new URL(`build/deps/libbpf-${version}/src/libbpf.map`, root), 'utf8');
const folder = new URL('test/', root);
const surfaces = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
  /^api\b.*\.txt$/.test(name),
);
const surface = surfaces.map(name => readFileSync(new URL(name, folder), 'utf8')).join('\n');
const rows = areas.flatMap(area => area.rows);

it("has each function of libbpf's own list once", () => {
  const theirs = Array.from(exported.matchAll(/^\t+(\w+);/gm), ([, name]) => name);
  const ours = rows.flatMap(([names]) => namesOf(names));
  expect(ours.sort()).toEqual(theirs.sort());
});

it('names what there is', () => {
  const missing = rows.flatMap(([, here]) =>
    Array.from(here.matchAll(/`([\w.]+)(?:\(\))?`/g), ([, name = '']) => name),
  );
  expect(missing.filter(name => !isPublic(name) && !exported.includes(`${name};`))).toEqual([]);
});

it('is docs/libbpf.md', async () => {
  await expect(pageOfFunctions(version)).toMatchFileSnapshot(new URL('docs/libbpf.md', root).pathname);
});

/** A name that is exported, or a member, as `Link.pin`, of a type that is. */
function isPublic(path: string): boolean {
  const [name = '', member] = path.split('.');
  if (!new RegExp(`\\b(function|class|const|interface|type) ${name}\\b`).test(surface)) return false;
  return member === undefined || new RegExp(`^ {4}.*\\b${member}\\b[?(:<]`, 'm').test(surface);
}
