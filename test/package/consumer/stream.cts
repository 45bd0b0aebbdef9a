// Uses the installed package by `require`: the same event, after a look at the object's file.
import libbpf = require('libbpf-ts');
import path = require('node:path');
import generated = require('./probe.bpf.js');

const getppid = { x64: 110n, arm64: 173n }[process.arch as string] ?? 0n;

async function main(): Promise<void> {
  const imported = await import('libbpf-ts');
  if (imported.BpfError !== libbpf.BpfError) throw new Error('require and import see different packages');
  const file = libbpf.openSync(path.join(__dirname, 'probe.bpf.o'));
  if (!('events' in file.maps)) throw new Error('the object file lists no ring');
  file.closeSync();
  const bpf = await generated.probe.load({ rodata: { target_pid: process.pid, watched: getppid } });
  await bpf.attach();
  void process.ppid;
  for await (const event of bpf.maps.events) {
    console.log(
      JSON.stringify({ libbpf: libbpf.libbpfVersion(), ours: event.pid === process.pid, id: event.id }),
    );
    break;
  }
  await bpf.close();
}

main();
