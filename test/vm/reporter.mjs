// Tells of each test as it ends, one JSON line each, in the file that $RESULTS_PORT names.
import { appendFileSync } from 'node:fs';

/**
 * How one test ended. `reason`: why it was skipped, how it failed, or how it did before it
 * was tried again. `features`: what of the kernel it needs.
 *
 * @typedef {object} Result
 * @property {string} file
 * @property {string} name with the names of its groups
 * @property {'passed' | 'failed' | 'skipped'} state
 * @property {string} [reason]
 * @property {readonly string[]} features
 * @property {number} milliseconds
 */

/** @type {import('vitest/node').Reporter} */
export default class ResultReporter {
  #port = process.env.RESULTS_PORT ?? 'build/results.jsonl';

  /** @param {import('vitest/node').TestCase} test */
  onTestCaseResult(test) {
    const result = test.result();
    if (result.state === 'pending') return;
    const reason = result.state === 'skipped' ? result.note : messageOf(result.errors ?? []);
    const again = result.state === 'passed' && reason ? 'passed when tried again, after: ' : '';
    this.#tell({
      file: test.module.relativeModuleId,
      name: test.fullName,
      state: result.state,
      ...(reason && { reason: again + reason }),
      features: /** @type {{ features?: string[] }} */ (test.meta()).features ?? [],
      milliseconds: Math.round(test.diagnostic()?.duration ?? 0),
    });
  }

  /**
   * What fails outside of tests: a file that cannot be read, a gate after all of its tests.
   *
   * @param {import('vitest/node').TestModule} module
   */
  onTestModuleEnd(module) {
    const suites = [...module.children.allSuites()];
    const errors = [...module.errors(), ...suites.flatMap(suite => suite.errors())];
    if (errors.length > 0) this.#failure(module.relativeModuleId, errors);
  }

  /**
   * @param {readonly import('vitest/node').TestModule[]} _modules
   * @param {readonly import('vitest').SerializedError[]} errors
   */
  onTestRunEnd(_modules, errors) {
    if (errors.length > 0) this.#failure('outside of all files', errors);
  }

  /**
   * @param {string} file
   * @param {readonly { message: string }[]} errors
   */
  #failure(file, errors) {
    const reason = messageOf(errors) ?? 'no reason';
    this.#tell({ file, name: 'the file itself', state: 'failed', reason, features: [], milliseconds: 0 });
  }

  /** @param {Result} result */
  #tell(result) {
    appendFileSync(this.#port, `${JSON.stringify(result)}\n`);
  }
}

/** @param {readonly { message: string }[]} errors */
function messageOf([first]) {
  return first?.message;
}
