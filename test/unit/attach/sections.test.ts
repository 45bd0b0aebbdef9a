/** The table of attach kinds, against libbpf's own list of sections. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AttachKind } from '../../../lib/attach/attach-kind.js';
import { attachesBySection } from '../../../lib/attach/attach-kind.js';
import { kindOf, sectionTarget } from '../../../lib/attach/sections.js';
import { attachKinds } from '../../../lib/attach/table.js';

const { version } = JSON.parse(readFileSync('native/deps/libbpf.json', 'utf8'));
const source = readFileSync(`build/deps/libbpf-${version}/src/libbpf.c`, 'utf8');
/** Section, program type, attach type, flags and, where libbpf can do it by the section alone, the function. */
const definitions = [
  ...source.matchAll(/^\tSEC_DEF\("([^"]+)",\s*(\w+),\s*(\w+),\s*([^,)]+)(?:,\s*(\w+))?\)/gm),
];
const rows: readonly (readonly [string, AttachKind])[] = Object.entries(attachKinds);

describe('attachKinds', () => {
  it('has every section of libbpf, once, and no other', () => {
    expect(definitions.length).toBeGreaterThan(100);
    const ours = rows.flatMap(([, { sections }]) => sections);
    expect([...ours].sort()).toEqual(definitions.map(([, section]) => section).sort());
    expect(new Set(ours).size).toBe(ours.length);
  });

  it('says which sections libbpf attaches by themselves', () => {
    const byLibbpf = definitions.flatMap(([, section, , , , attach]) =>
      attach === undefined ? [] : [section],
    );
    const byUs = rows.flatMap(([, { sections, bySection }]) => (bySection ? sections : []));
    expect([...byUs].sort()).toEqual(byLibbpf.sort());
  });

  it('finds the kind of each section as libbpf does: the first that fits', () => {
    for (const [, section = ''] of definitions) {
      const named = section.replace('+', '/target');
      const found = definitions.find(([, pattern = '']) => fits(pattern, named))?.[1];
      expect(kindOf(named)?.sections, named).toContain(found);
      expect(sectionTarget(named)).toBe(section.endsWith('+') ? 'target' : undefined);
    }
  });

  it('knows nothing of other sections', () => {
    expect(kindOf('xdp/eth0')).toBeUndefined();
    expect(kindOf('cgroup/connect5')).toBeUndefined();
    const bySection = (section: string) => attachesBySection(kindOf(section), section);
    expect(bySection('lsm_cgroup/socket_bind')).toBe(false);
    expect(bySection('kprobe/do_unlinkat')).toBe(true);
    expect(bySection('kprobe')).toBe(false);
  });
});

/** As libbpf's `sec_def_matches`. */
function fits(pattern: string, section: string): boolean {
  if (!pattern.endsWith('+')) return pattern === section;
  const prefix = pattern.slice(0, -1);
  return section === prefix || section.startsWith(`${prefix}/`);
}
