// One process of the fuzzer: node child.mjs FOLDER TARGET FIRST COUNT. It says which mutant comes next, then what came of it, so
// that whoever watches knows which one ended it or keeps it busy.
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fieldsOf } from './fields.mjs';
import { mutant } from './mutate.mjs';
import { numbers } from './numbers.mjs';
import { outcome, targets } from './uses.mjs';

const [folder = '', name = '', first = '0', count = '1'] = process.argv.slice(2);
const { seeds, use } = targets(folder)[name] ?? { seeds: [], use: async () => {} };
const files = seeds.map(path => {
  const bytes = new Uint8Array(readFileSync(path));
  return { path, bytes, groups: fieldsOf(bytes) };
});
const place = join(folder, `mutant-${process.pid}`);
// A stack for each refusal would be most of the work.
Error.stackTraceLimit = process.env.LIBBPF_TS_KEEP ? 10 : 0;

for (let index = Number(first); index < Number(first) + Number(count); index++) {
  const { bytes, groups } = files[index % files.length] ?? { bytes: new Uint8Array(), groups: [] };
  const changed = mutant(bytes, groups, numbers(index * 2654435761));
  if (process.env.LIBBPF_TS_KEEP) writeFileSync(process.env.LIBBPF_TS_KEEP, changed);
  writeSync(1, `${index}`);
  const came = await outcome(() => use(changed, place)).catch(error => `odd ${error.stack}`);
  writeSync(1, ` ${came.replaceAll('\n', ' ')}\n`);
}
// No exit handler of anything that a file could have reached.
process.exit(process.memoryUsage().rss > 1.5e9 ? 3 : 0);
