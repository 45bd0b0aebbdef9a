// `npm run bench -- btf`: measures one part of the library beside C. Timings are for reading, no test depends on them;
// with `--short` everything runs once, to see that it still works.
import { readdirSync } from 'node:fs';
import { fail } from '../../.setup/progress.mjs';

const folder = new URL('.', import.meta.url);
const names = readdirSync(folder)
  .filter(name => name.endsWith('.bench.mjs'))
  .map(name => name.replace('.bench.mjs', ''));
const [name] = process.argv.slice(2);
if (name === undefined || !names.includes(name))
  fail(`npm run bench -- NAME [--short], where NAME is one of ${names.join(', ')}.`);
const { run } = await import(new URL(`${name}.bench.mjs`, folder).href);
await run();
