/** What an object says that is not so: told when a module is made of it. */
import { Btf, Elf, isCutEnum } from '../btf/index.js';

/**
 * Why some types of an object are not read as they are declared, one sentence for each; empty for most.
 *
 * @param name - of the object's file, for errors
 */
export function cautionsOf(bytes: Uint8Array, name: string): readonly string[] {
  const btf = Btf.fromElf(Elf.parse(bytes, name));
  return [...btf].flatMap(({ record: type }) => {
    if (!isCutEnum(type)) return [];
    const what = type.name === '' ? 'an enum without a name' : `enum ${type.name}`;
    return [
      `${name}: ${what} has 8 bytes, and its compiler kept 32 bits of each value: it is read as a number; clang 15 and newer keep all`,
    ];
  });
}
