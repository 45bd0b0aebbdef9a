// Which tests a filter chooses, and the command that runs them.
import { filesIn } from '../../.setup/paths.mjs';

/** @typedef {import('./reporter.mjs').Result} Result */

/** What kernels decide. */
const decided = filesIn('test/kernel', '.test.ts');
/** What needs a kernel and is ours to decide; of the tests of the addon the one that calls all of its functions. */
const ours = [...filesIn('test/live', '.test.ts'), 'test/native/abuse.test.ts'];

/** Whole files, or the tests in them with a part of a name. */
export class Selection {
  #filter;

  /**
   * @param {string} filter a part of a file's path, else of a test's name; all when empty
   * @param {boolean} live whether those of what is ours are among them; where their file is named, they are
   */
  constructor(filter, live) {
    this.#filter = filter;
    const named = filter !== '' && !live ? ours.filter(file => file.includes(filter)) : [];
    const all = live ? [...decided, ...ours] : [...decided, ...named];
    const files = all.filter(file => file.includes(filter));
    this.files = files.length > 0 ? files : all;
    this.options = files.length > 0 ? [] : ['--testNamePattern', filter];
  }

  /** @param {readonly string[]} files some of them, or all */
  command(files = this.files) {
    const vitest = ['node', 'node_modules/vitest/vitest.mjs', 'run'];
    const reporters = ['--reporter', 'default', '--reporter', './test/vm/reporter.mjs'];
    return [
      ...vitest,
      ...['native', 'kernel', 'live'].flatMap(name => ['--project', name]),
      ...reporters,
      ...files,
      ...this.options,
    ];
  }

  /**
   * What a filter leaves out, vitest reports as skipped for no reason.
   *
   * @param {readonly Result[]} results
   */
  chosen(results) {
    return results.filter(
      ({ state, reason }) => this.#filter === '' || state !== 'skipped' || reason !== undefined,
    );
  }
}
