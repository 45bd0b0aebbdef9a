/** The ways to attach by their sections, and what a generated module imports for each. Pure data. */
import * as sectionKinds from './section-kinds.js';

/** Sections by the name under which `libbpf-ts/skeleton` has their kind: `tracepointPrograms`. */
export const programKindNames: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(sectionKinds).map(([kind, sections]) => [programKindName(kind), sections]),
);

/** Every section of libbpf's; a `+` at the end allows `/target` behind it. */
export const knownSections: readonly string[] = Object.values(sectionKinds).flat();

/** `xdp_redirect` as `xdpRedirectPrograms`. */
export function programKindName(kind: string): string {
  return `${kind.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())}Programs`;
}
