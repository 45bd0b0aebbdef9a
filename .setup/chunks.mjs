// Which modules go into one file together. The bundler makes a file for each set of doors and parts that reach the same
// modules, which is many; loading a file takes longer than what is in most of them.
import { rolldown } from 'rolldown';

/** @typedef {import('rolldown').OutputChunk} OutputChunk */

/**
 * The modules that a door loads and none of `others` does, without what reads streams: an application's bundle takes of
 * a file what its start and its parts on demand use, and one without streams is to have none.
 *
 * @param {import('rolldown').InputOptions} options of the library
 * @param {string} door as `doors/skeleton`
 * @param {readonly string[]} others
 * @returns {Promise<Set<string>>}
 */
export async function modulesOfDoorAlone(options, door, others) {
  /** @type {Map<string, readonly string[]>} */
  const imports = new Map();
  const graph = await rolldown({ ...options, plugins: [importsInto(imports)] });
  const { output } = await graph.generate({ format: 'esm' });
  const chunks = new Map(output.flatMap(each => (each.type === 'chunk' ? [[each.fileName, each]] : [])));
  const modulesOf = (/** @type {string} */ built) => modulesBehind(chunks, `${built}.js`);
  const elsewhere = new Set(others.flatMap(modulesOf));
  return new Set(modulesOf(door).filter(id => !elsewhere.has(id) && !readsStreams(id, imports)));
}

/** @param {Map<string, readonly string[]>} imports @returns {import('rolldown').Plugin} */
function importsInto(imports) {
  return {
    name: 'imports',
    moduleParsed({ id, importedIds }) {
      imports.set(id, importedIds);
    },
  };
}

/**
 * @param {Map<string, OutputChunk>} chunks by their files
 * @param {string} file that is loaded
 * @param {Set<string>} [seen]
 * @returns {string[]}
 */
function modulesBehind(chunks, file, seen = new Set()) {
  const chunk = chunks.get(file);
  if (chunk === undefined || seen.has(file)) return [];
  seen.add(file);
  return [...Object.keys(chunk.modules), ...chunk.imports.flatMap(each => modulesBehind(chunks, each, seen))];
}

/**
 * @param {string} id
 * @param {Map<string, readonly string[]>} imports
 * @param {Set<string>} [seen]
 * @returns {boolean}
 */
function readsStreams(id, imports, seen = new Set()) {
  if (/\/lib\/(events|output)\//.test(id)) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return (imports.get(id) ?? []).some(each => readsStreams(each, imports, seen));
}
