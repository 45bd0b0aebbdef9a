// Fetches and builds all foreign sources, and writes down what there is for the tests.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { attempt } from '../../.setup/progress.mjs';
import { cache, checkoutOf, folderOf } from './fetch.mjs';
import { buildObjects } from './objects.mjs';
import { sources } from './sources.mjs';

/**
 * @param {readonly string[]} checkouts the caller's: `FOLDER`, whose `.bpf.c` files are built as well, or `NAME=FOLDER`, which
 * stands in for a source whose archive cannot be had
 * @returns {Promise<string>} the path of the list
 */
export async function collect(
  checkouts = (process.env.LIBBPF_TS_CHECKOUTS ?? '').split(':').filter(Boolean),
) {
  const named = new Map(
    checkouts
      .filter(each => each.includes('='))
      .map(each => /** @type {[string, string]} */ (each.split('='))),
  );
  const built = [];
  for (const source of sources) {
    const own = named.get(source.name);
    built.push(await one(source, async () => (own === undefined ? folderOf(source) : resolve(own))));
  }
  for (const path of checkouts.filter(each => !each.includes('=')))
    built.push(await one(checkoutOf(path), async () => resolve(path)));
  mkdirSync(cache, { recursive: true });
  const list = join(cache, 'objects.json');
  writeFileSync(list, JSON.stringify(built, undefined, 2));
  return list;
}

/**
 * @param {import('./sources.mjs').ForeignSource} source
 * @param {() => Promise<string>} folder
 */
async function one(source, folder) {
  /** @type {import('./objects.mjs').Built} */
  let built = { name: source.name, least: source.least, objects: [], failed: [] };
  await attempt(`build the programs of ${source.name}`, async log => {
    built = await buildObjects(
      source,
      await folder(),
      join(cache, 'objects', basename(source.name).replaceAll(' ', '-')),
    );
    log.write(`${built.objects.length} objects\n${built.failed.join('\n')}\n`);
  });
  return built;
}
