/** Loading a few programs of an object: no kernel has all that the tests know. */
import type { Skeleton } from 'libbpf-ts';

type DescriptionOf<S> = S extends Skeleton<infer D> ? D : never;

/** Opens and loads with these programs alone. */
export async function loadOnly<S extends Skeleton<never>>(
  skeleton: S,
  names: readonly (keyof DescriptionOf<S>['programs'] & string)[],
): Promise<Awaited<ReturnType<S['load']>>> {
  const opened = await skeleton.open();
  for (const program of Object.values(opened.programs) as { name: string; autoload: boolean }[]) {
    program.autoload = (names as readonly string[]).includes(program.name);
  }
  return opened.load() as Promise<Awaited<ReturnType<S['load']>>>;
}
