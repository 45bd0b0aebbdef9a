/** Iterators of a script: attached, to be read. */
import type { IterLink, LoadedObject } from '../../index.js';
import type { CompiledScript } from '../compile.js';
import { programOf } from './programs.js';

export function attachIterators({ probes }: CompiledScript, object: LoadedObject): Promise<IterLink[]> {
  const own = probes.filter(({ plan }) => plan.trigger.kind === 'iter');
  return Promise.all(own.map(({ name }) => programOf(object, name).attach({}) as Promise<IterLink>));
}
