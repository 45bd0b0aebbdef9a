/** Programs that do the same in different ways: the first that loads on this kernel is kept, alone. */

import { argumentError } from '../errors/arguments.js';
import { BpfError } from '../errors/bpf-error.js';
import type { Description } from '../gen/description.js';
import type { Flow } from '../native/flow.js';
import { failedProgram } from '../native/libbpf-log.js';
import type { LoadedObject } from './loaded-object.js';
import type { OpenObject } from './object.js';

/** Groups of programs that do the same in different ways, the best first, as `[['by_fentry', 'by_kprobe']]`. */
export type Alternatives<Name extends PropertyKey = string> = readonly (readonly Name[])[];

/**
 * Opens and loads, with the next alternative each time one is rejected.
 *
 * @throws BpfError of the last one of a group, or of a program that has no alternative.
 */
export function* loadWith<D extends Description>(
  open: () => Flow<OpenObject<D>>,
  groups: Alternatives<keyof D['programs']> = [],
): Flow<LoadedObject<D>> {
  const refused = new Map<string, BpfError>();
  for (;;) {
    const opened = yield* open();
    choose(opened as unknown as OpenObject, groups as Alternatives, refused);
    try {
      return yield* opened.loadFlow();
    } catch (error) {
      const failed = error instanceof BpfError ? failedProgram(error.log) : undefined;
      if (failed === undefined || !hasAnother(groups as Alternatives, failed, refused)) throw error;
      refused.set(failed, error as BpfError);
    }
  }
}

/** Turns on the best of each group that was not refused, and the others off. */
function choose(opened: OpenObject, groups: Alternatives, refused: ReadonlyMap<string, BpfError>): void {
  for (const group of groups) {
    for (const name of group) if (!(name in opened.programs)) unknown(opened, name);
    const best = group.find(name => !refused.has(name));
    for (const name of group) {
      const program = opened.programs[name];
      if (program === undefined) continue;
      program.autoload = name === best;
      if (name !== best) program.leaveOut(reasonFor(refused.get(name), best));
    }
  }
}

function reasonFor(refusal: BpfError | undefined, best: string | undefined): string {
  const instead = `${best} does the same`;
  return refusal === undefined ? instead : `${instead}, and this one was refused: ${refusal.message}`;
}

function hasAnother(groups: Alternatives, name: string, refused: ReadonlyMap<string, unknown>): boolean {
  const group = groups.find(each => each.includes(name)) ?? [];
  return group.some(other => other !== name && !refused.has(other));
}

function unknown(opened: OpenObject, name: string): never {
  opened.closeSync();
  throw argumentError(
    `load ${opened.name}`,
    `alternatives name ${name}, which is no program of it; there are ${Object.keys(opened.programs).join(', ')}`,
  );
}
