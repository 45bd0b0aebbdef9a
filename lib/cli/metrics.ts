/** `libbpf-ts metrics`: what the kernel does to a process, a cgroup or the machine, where Prometheus may scrape it. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { command, UsageError } from '../command/command.js';
import { Interruption } from '../command/interruption.js';
import { print, warn } from '../command/output.js';
import {
  type CollectorName,
  type KernelTelemetry,
  observe,
  type TelemetryTarget,
} from '../telemetry/index.js';

const usual = '127.0.0.1:9435';

export const metrics = command({
  name: 'metrics',
  summary: 'serve what the kernel does to a process, a cgroup or the machine, for Prometheus',
  usage: '',
  about: [
    'Counts from when it starts, and answers scrapes of /metrics with text, or with native histograms where the server',
    'asks for them. Only this machine reaches it, unless --listen names another address. Ends with Ctrl-C.',
  ],
  options: {
    pid: { type: 'string', short: 'p', value: 'PID', help: 'of this process; default: of the machine' },
    cgroup: { type: 'string', value: 'DIR', help: 'of this cgroup, a folder below /sys/fs/cgroup' },
    container: { type: 'string', value: 'ID', help: 'of this container, by its id or how that begins' },
    collector: {
      ...{ type: 'string', short: 'c', multiple: true, value: 'NAME' },
      help: 'this collector, as cpu or syscalls, and others that are named so; default: all',
    },
    listen: {
      ...{ type: 'string', short: 'l', value: 'ADDRESS:PORT' },
      help: `where; port 0 is any that is free; default: ${usual}`,
    },
  },
  operands: [0, 0],
  examples: ['metrics', 'metrics -p 4711 -c cpu -c syscalls', 'metrics --listen 0.0.0.0:9435'],
  async run({ options: { listen = usual, collector, ...whose } }) {
    const place = placeOf(listen);
    const collectors = collector as CollectorName[] | undefined;
    await using kernel = await observe({ of: targetOf(whose), ...(collectors && { collectors }) });
    using interruption = new Interruption(undefined);
    const server = await serve(kernel, place);
    print(`metrics of ${kernel.report().of} at ${addressOf(server)}\n`);
    for (const { name, reason } of kernel.report().metrics)
      if (reason !== undefined) warn(`not observed: ${name}: ${reason}\n`);
    await interruption.happened;
    server.closeAllConnections();
    server.close();
    return 0;
  },
});

interface Whose {
  readonly pid?: string | undefined;
  readonly cgroup?: string | undefined;
  readonly container?: string | undefined;
}

function targetOf({ pid, cgroup, container }: Whose): TelemetryTarget {
  const given = [pid, cgroup, container].filter(each => each !== undefined);
  if (given.length > 1) throw new UsageError('metrics', 'it takes one of --pid, --cgroup and --container');
  if (pid !== undefined) return { pid: numberOf(pid) };
  if (cgroup !== undefined) return { cgroup };
  return container === undefined ? 'host' : { container };
}

function numberOf(pid: string): number {
  if (/^[1-9]\d*$/.test(pid)) return Number(pid);
  throw new UsageError('metrics', `--pid takes the number of a process, not ${pid}`);
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** An address of IPv6 stands in brackets. */
function placeOf(listen: string): Place {
  const [, host = '', port = ''] = /^\[?([^[\]]+)\]?:(\d{1,5})$/.exec(listen) ?? [];
  if (host !== '' && Number(port) <= 0xffff) return { host, port: Number(port) };
  throw new UsageError('metrics', `--listen takes ADDRESS:PORT, as ${usual}, not ${listen}`);
}

/** @throws UsageError where it cannot listen, as at a port that is taken */
async function serve(kernel: KernelTelemetry, place: Place): Promise<Server> {
  const server = createServer(answer(kernel));
  server.listen(place);
  try {
    await once(server, 'listening');
    return server;
  } catch (cause) {
    throw new UsageError('metrics', `it cannot listen: ${(cause as Error).message}`, cause);
  }
}

function answer(kernel: KernelTelemetry): RequestListener {
  return async ({ url, headers }, response) => {
    if (url?.replace(/\?.*/, '') !== '/metrics') return void response.writeHead(404).end('see /metrics\n');
    try {
      const { contentType, body } = await kernel.scrape(headers.accept);
      response.setHeader('Content-Type', contentType).end(body);
    } catch (error) {
      response.writeHead(503).end(`${(error as Error).message}\n`);
    }
  };
}

function addressOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}/metrics`;
}
