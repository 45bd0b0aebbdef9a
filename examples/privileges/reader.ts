/** Reads what the loader counts, as any user and without any right: all it takes is the file's mode. */
import { openMap } from 'libbpf-ts';
import { executions } from './executions.bpf.js';

const [folder = '/sys/fs/bpf/executions'] = process.argv.slice(2);
await using counts = await openMap(`${folder}/counts`, executions.description.maps.counts, {
  access: 'read',
});
const rows = [...counts].sort(([, one], [, other]) => Number(other - one));
for (const [{ comm }, count] of rows) process.stdout.write(`${String(count).padStart(8)} by ${comm}\n`);
