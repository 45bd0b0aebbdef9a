/**
 * Features that show in the kernel's own types: types of links, and all else with an enumerator in
 * include/uapi/linux/bpf.h.
 */
import { type LinkTypeName, type LinkTypeRow, linkTypes } from '../kinds/link-types.js';
import { absent, type Feature, obstacle, present, unknown } from './feature.js';
import { enumValues, ownTypes } from './kernel-names.js';

const noBtf = 'the kernel has no BTF that tells';
/** Why not, where the version would have it. */
export const tooOld = 'this kernel does not know it';

/** A type of links. */
export function linkFeature(name: LinkTypeName): Feature {
  const { type, since, early = false }: LinkTypeRow = linkTypes[name];
  const reason = early ? obstacle({ since }) : undefined;
  if (reason !== undefined) return absent(since, reason);
  return named(enumValues(ownTypes(), 'bpf_link_type'), type, since);
}

/** By whether an enumeration of the kernel's own types has the number. */
export function named(values: ReadonlySet<number> | undefined, value: number, since: string): Feature {
  if (values?.has(value)) return present(since);
  if (values !== undefined) return absent(since, obstacle({ since }) ?? tooOld);
  const reason = obstacle({ since });
  return reason === undefined ? unknown(since, noBtf) : absent(since, reason);
}
