/** Loading a few programs of an object: no kernel has all that the tests know. */
import type { LoadedObject } from 'libbpf-ts';
import type { Description } from 'libbpf-ts/gen';
import type { Skeleton } from 'libbpf-ts/skeleton';

/** Opens and loads with these programs alone. */
export async function loadOnly<const D extends Description>(
  skeleton: Skeleton<D>,
  names: readonly (keyof D['programs'] & string)[],
): Promise<LoadedObject<D>> {
  const opened = await skeleton.open();
  for (const program of Object.values<{ name: string; autoload: boolean }>(opened.programs)) {
    program.autoload = names.some(name => name === program.name);
  }
  return opened.load();
}
