/**
 * Warnings about an object, printed when a module is made of it: declarations without effect, and sections that
 * libbpf does not know.
 */

import { Btf, Elf, isCutEnum } from '../btf/index.js';
import { requireBytes, requireText } from '../errors/arguments.js';
import { meant } from '../errors/nearest.js';
import { readPrograms } from '../gen/programs.js';
import { knownSections } from '../kinds/program-kinds.js';
import { sectionMatches } from '../kinds/section-pattern.js';

/**
 * Why some types of an object are not read as they are declared, and some programs not loaded, one sentence for each;
 * empty for most.
 *
 * @param name - of the object's file, for errors
 */
export function listCautions(bytes: Uint8Array, name: string): readonly string[] {
  requireBytes('list cautions', 'an object', bytes);
  requireText('list cautions', "the object's name", name);
  const elf = Elf.parse(bytes, name);
  return [...cutEnums(elf), ...unknownSections(elf)].map(text => `${name}: ${text}`);
}

function cutEnums(elf: Elf): string[] {
  return [...Btf.fromElf(elf)].flatMap(({ record: type }) => {
    if (!isCutEnum(type)) return [];
    const what = type.name === '' ? 'an enum without a name' : `enum ${type.name}`;
    return [
      `${what} has 8 bytes, and its compiler kept 32 bits of each value: it is read as a number; clang 15 and newer keep all`,
    ];
  });
}

/** Loading them is refused, unless their type is set or they are left out. */
function unknownSections(elf: Elf): string[] {
  return readPrograms(elf).flatMap(({ name, section }) => {
    if (knownSections.some(pattern => sectionMatches(pattern, section))) return [];
    const hint = nearSection(section);
    return [`libbpf knows no section ${section}, that of program ${name}${hint ? ` (${hint})` : ''}`];
  });
}

const known = knownSections.map(each => each.replace('+', ''));

/** The whole first, as `cgroup/skbb`, then what stands before the target, as `tracepont` of `tracepont/…`. */
function nearSection(section: string): string | undefined {
  const [head = ''] = section.split('/');
  return (
    (head === section || known.some(each => each.startsWith(`${head}/`)) ? undefined : meant(head, known)) ??
    meant(section, known)
  );
}
