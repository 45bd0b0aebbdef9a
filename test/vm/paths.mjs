// Where the machines keep what they are made of.
import { join } from 'node:path';
import { root } from '../../.setup/paths.mjs';

/** Ignored by git; may be deleted at any time, and is then fetched again. */
export const cache = join(root, 'build/vm');
