/** Loads and attaches as root, lets everybody read the counts by a pin, and goes on as nobody. */
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { executions } from './executions.bpf.js';

const [folder = '/sys/fs/bpf/executions', parent = '0'] = process.argv.slice(2);
const path = join(folder, 'counts');
const nobody = 65534;

await using bpf = await executions.load({ rodata: { target_parent: Number(parent) } });
await bpf.attach();

// The folder is to be nobody's, so that he can tidy up.
mkdirSync(folder, { recursive: true });
rmSync(path, { force: true });
await bpf.maps.counts.pin(path);
chmodSync(path, 0o644);
chmodSync(folder, 0o755);
chownSync(folder, nobody, nobody);

process.setgroups?.([]);
process.setgid?.(nobody);
process.setuid?.(nobody);
process.stdout.write(`counting as user ${process.getuid?.()}; read ${path}\n`);

// What is attached stays so, and the map works, without any right.
const awake = setInterval(() => {}, 1 << 30);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
clearInterval(awake);
const total = Array.from(bpf.maps.counts.values()).reduce((sum, count) => sum + count, 0n);
rmSync(path);
process.stdout.write(`${total} executions\n`);
