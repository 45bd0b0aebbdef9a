// Which tools there are: folders of `examples` whose main.ts defines one. Needs no package, for what asks before they are
// installed.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { filesIn, root } from './paths.mjs';

export const toolNames = filesIn('examples', 'main.ts')
  .filter(file => readFileSync(join(root, file), 'utf8').includes('export default defineTool('))
  .map(file => basename(dirname(file)));
