/** Adoptions in tests: what became of each part, and their end. */
import type { Adoption } from 'libbpf-ts';

/** The report, as `counts adopted`. */
export function outcomes({ report }: Pick<Adoption, 'report'>): string[] {
  return report.map(({ name, outcome }) => `${name} ${outcome}`).sort();
}

type Holding = {
  readonly object: AsyncDisposable;
  readonly links: Readonly<Record<string, AsyncDisposable | undefined>>;
};

/** Ends with its scope, however that ends. */
export function held<A extends Holding>(adoption: A): A & AsyncDisposable {
  return Object.assign(adoption, { [Symbol.asyncDispose]: () => end(adoption) });
}

/** Closes all that this process holds of it; what is pinned stays. */
export async function end({ object, links }: Holding) {
  for (const link of Object.values(links)) await link?.[Symbol.asyncDispose]();
  await object[Symbol.asyncDispose]();
}
