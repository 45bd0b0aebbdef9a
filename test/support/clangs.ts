/** The clangs of this machine: tests that ask what each of them says would pass where they found none. */
import { readdirSync } from 'node:fs';

/** Their names, as `clang-14`; at least one. */
export const clangs: readonly string[] = readdirSync('/usr/bin').filter(name => /^clang-\d+$/.test(name));

if (clangs.length === 0) throw new Error('there is no /usr/bin/clang-NUMBER: npm run setup installs one');
