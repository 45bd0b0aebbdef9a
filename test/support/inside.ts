/** A cgroup, a network namespace, and a Python in both: starting one for each test takes longer than the tests. */
import { afterAll, beforeAll } from 'vitest';
import { Cgroup } from './cgroup.js';
import { Interpreter } from './interpreter.js';
import { Namespace } from './network.js';

export interface Inside {
  readonly cgroup: Cgroup;
  readonly namespace: Namespace;
  readonly python: Interpreter;
}

/** For the tests of one `describe()`; it is there from the first test on. */
export function inside(): Inside {
  const here = {} as { -readonly [Part in keyof Inside]: Inside[Part] };
  beforeAll(() => {
    here.cgroup = new Cgroup();
    here.namespace = new Namespace();
    here.python = new Interpreter(here.cgroup, here.namespace);
  });
  afterAll(async () => {
    await here.python[Symbol.asyncDispose]();
    await here.cgroup[Symbol.asyncDispose]();
    here.namespace[Symbol.dispose]();
  });
  return here;
}
