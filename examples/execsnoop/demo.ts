/** Shows process executions as they happen, with arguments, results and times. */
import { callOf } from './call.js';
import { type Event, execsnoop } from './execsnoop.bpf.js';
import { lifetime } from './lifetime.js';
import { type Options, parse, usage } from './options.js';
import { Printer } from './printer.js';
import { startCommand, startWorkload, type Work } from './work.js';

try {
  // After Ctrl-C the command may still run; it does not hold us.
  process.exit(await main(parse(process.argv.slice(2))));
} catch (error) {
  process.stderr.write(`error: ${(error as Error).message}\n`);
  process.exit(error instanceof TypeError ? 2 : 1);
}

async function main(options: Options): Promise<number> {
  const printer = new Printer(options);
  if (options.help) return printer.print(usage);
  await using bpf = await execsnoop.load({ rodata: filters(options) });
  const { links } = await bpf.attach();
  printer.heading();
  const work = start(options);
  const stop = new AbortController();
  const code = lifetime(work, bpf.maps.tree, stop);
  const show = (event: Event) => printer.call(callOf(event));
  await untilStopped(stop.signal, bpf.maps.events.events(stop), show);
  // Detached, nothing more is written: what is left in the ring is the rest.
  for (const link of Object.values(links)) await link.detach();
  bpf.maps.events.drain().forEach(show);
  printer.summary(bpf.globals.bss);
  return code;
}

/** Without a wish for others, our own process tree: a command belongs to it from its fork on. */
function filters({ all, pid, uid, name, failures }: Options) {
  return {
    tree_root: all || pid !== undefined ? 0 : process.pid,
    target_pid: pid ?? 0,
    filter_uid: uid !== undefined,
    target_uid: uid ?? 0,
    name: name?.slice(0, 15) ?? '', // the kernel keeps no more of a name
    failures_only: failures,
  };
}

function start({ all, pid, command, json }: Options): Work | undefined {
  if (all || pid !== undefined) return undefined;
  return command === undefined ? startWorkload() : startCommand(command, json);
}

async function untilStopped<T>(signal: AbortSignal, items: AsyncIterable<T>, each: (item: T) => void) {
  try {
    for await (const item of items) each(item);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
