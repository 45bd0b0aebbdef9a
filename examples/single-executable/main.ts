/** One file without Node, node_modules or objects beside it: prints what the process that it starts executes. */
import { spawnSync } from 'node:child_process';
import { execsnoop } from '../execsnoop/execsnoop.bpf.js';
import { loadCarriedAddon } from './carried-addon.js';

async function main(): Promise<void> {
  loadCarriedAddon();
  const bpf = await execsnoop.load({ rodata: { tree_root: process.pid } });
  try {
    await bpf.attach();
    spawnSync('/bin/true');
    for await (const { pid, comm } of bpf.maps.events) {
      console.log(`${comm} was executed as process ${pid}`);
      break;
    }
  } finally {
    await bpf.close();
  }
}

main().catch(error => {
  console.error(error.message);
  process.exitCode = 1;
});
