/** What a section means: its kind, its target, what the kernel needs for it. */
import { sectionMatches } from '../kinds/section-pattern.js';
import { type AttachKind, type Capability, sinceOf, targetOf } from './attach-kind.js';
import { type AttachKindName, attachKinds } from './table.js';

const rows = Object.entries<AttachKind>(attachKinds).flatMap(([name, row]) =>
  row.sections.map(pattern => ({ name: name as AttachKindName, row, pattern })),
);

function rowOf(section: string) {
  return rows.find(({ pattern }) => sectionMatches(pattern, section));
}

/** The name of the kind that a section means; undefined for a section that libbpf 1.7 does not know. */
export function kindNameOf(section: string): AttachKindName | undefined {
  return rowOf(section)?.name;
}

/** The same as its row. */
export function kindOf(section: string): AttachKind | undefined {
  return rowOf(section)?.row;
}

/** The first kernel that attaches programs of a section; undefined for a section that libbpf 1.7 does not know. */
export function sectionSince(section: string): string | undefined {
  const row = kindOf(section);
  return row && sinceOf(row, section);
}

/** What stands behind the slash of a section that may have a target; undefined where it has none. */
export function sectionTarget(section: string): string | undefined {
  const row = kindOf(section);
  return row && targetOf(row, section);
}

/** What programs of a section take; undefined for a section that libbpf 1.7 does not know. */
export function capabilitiesOf(section: string): readonly Capability[] | undefined {
  const row = kindOf(section);
  return row?.otherCapabilities?.[section] ?? row?.capabilities;
}
