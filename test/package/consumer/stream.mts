// Uses the installed package by `import`: one event of an embedded object, decoded.
import { libbpfVersion } from 'libbpf-ts';
import { probe } from './probe.bpf.js';

const getppid = { x64: 110n, arm64: 173n }[process.arch as string] ?? 0n;

const bpf = await probe.load({ rodata: { target_pid: process.pid, watched: getppid } });
await bpf.attach();
void process.ppid;
for await (const event of bpf.maps.events) {
  console.log(JSON.stringify({ libbpf: libbpfVersion(), ours: event.pid === process.pid, id: event.id }));
  break;
}
await bpf.close();
