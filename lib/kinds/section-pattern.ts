/** Names of sections, as section_defs[] of libbpf.c has them (sec_def_matches() in libbpf.c). Pure. */

/** Whether a section is of a pattern: `kprobe+` means `kprobe` and what begins with `kprobe/`. */
export function sectionMatches(pattern: string, section: string): boolean {
  if (!pattern.endsWith('+')) return section === pattern;
  const prefix = pattern.slice(0, -1);
  return section === prefix || section.startsWith(`${prefix}/`);
}
