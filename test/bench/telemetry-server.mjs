// The service of telemetry.bench.mjs: it observes itself when it is told to, and tells what it has used.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** @type {import('../../dist/telemetry/index.js').KernelTelemetry | undefined} */
let kernel;

process.on('message', async what => {
  if (what === 'observe') kernel = await observe();
  if (what === 'leave') await kernel?.close();
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system, resident: process.memoryUsage.rss(), kernel: lockedBytes() });
});

/** One that does not observe does not load the library. */
async function observe() {
  const telemetry = await import('../../dist/telemetry/index.js');
  return telemetry.observe({ of: 'process' });
}

/** What the kernel charges for the maps that this process holds (bpf_map_show_fdinfo() in kernel/bpf/syscall.c). */
function lockedBytes() {
  const maps = new Map(
    readdirSync('/proc/self/fdinfo').flatMap(fd => {
      const text = textOf(`/proc/self/fdinfo/${fd}`);
      const [, id] = /^map_id:\s*(\d+)/m.exec(text) ?? [];
      const [, bytes] = /^memlock:\s*(\d+)/m.exec(text) ?? [];
      return id === undefined ? [] : [/** @type {const} */ ([id, Number(bytes)])];
    }),
  );
  return [...maps.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** One may have been closed meanwhile. @param {string} path */
function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

process.on('disconnect', () => process.exit());
// Connections wait while the other service is measured.
const server = createServer({ keepAliveTimeout: 0 }, (_request, response) => response.end('ok'));
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
