// What telemetry costs a service: CPU for each request with all collectors and without any, in turns, and its memory.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { middle, row, short } from './measure.mjs';

const server = fileURLToPath(new URL('telemetry-server.mjs', import.meta.url));
const pairs = short ? 1 : 11;
const requests = short ? 200 : 20_000;
/** Each ten milliseconds, for 10,000 a second. */
const atOnce = 100;
const connections = 20;

/** @typedef {import('node:net').Socket} Client */
/** @typedef {{ cpu: number, resident: number, kernel: number }} Usage */
/** @typedef {{ ask: (what: string) => Promise<Usage>, clients: Client[], end: () => Promise<void> }} Service */

/** Two services alike, of which one observes itself while it is measured: both have done as much when memory is compared. */
export async function run() {
  const [plain, observed] = [await start(), await start()];
  const costs = { plain: /** @type {number[]} */ ([]), observed: /** @type {number[]} */ ([]) };
  for (let pair = 0; pair < pairs; pair++) {
    costs.plain.push(await costOf(plain));
    await observed.ask('observe');
    costs.observed.push(await costOf(observed));
    if (pair < pairs - 1) await observed.ask('leave');
  }
  report(costs, await plain.ask('usage'), await observed.ask('usage'));
  await Promise.all([plain.end(), observed.end()]);
}

/** A service that has answered once as much as it will be asked, for the first requests compile it. @returns {Promise<Service>} */
async function start() {
  const child = fork(server);
  // Nothing answers any more.
  child.once('exit', code => code && process.exit(code));
  const [{ port }] = await once(child, 'message');
  const clients = Array.from({ length: connections }, () => createConnection(port, '127.0.0.1'));
  /** @param {string} what */
  const ask = async what => {
    child.send(what);
    const [usage] = await once(child, 'message');
    return usage;
  };
  const end = async () => {
    for (const client of clients) client.destroy();
    child.disconnect();
    await once(child, 'exit');
  };
  await drive(clients);
  return { ask, clients, end };
}

/** Microseconds of CPU for each request. @param {Service} service */
async function costOf({ ask, clients }) {
  const before = await ask('usage');
  await drive(clients);
  const after = await ask('usage');
  return (after.cpu - before.cpu) / requests;
}

/** Has all requests answered. @param {Client[]} clients */
async function drive(clients) {
  let answered = 0;
  const ends = clients.map(client => countAnswers(client, () => answered++));
  for (
    let sent = 0, began = performance.now();
    sent < requests;
    await sleep(began + sent / 10 - performance.now())
  )
    for (let each = 0; each < atOnce; each++, sent++)
      clients[sent % connections]?.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  while (answered < requests) await sleep(1);
  for (const end of ends) end();
}

const answer = 'HTTP/1.1 200';

/** An answer may come in two pieces. @param {Client} client @param {() => void} answered */
function countAnswers(client, answered) {
  let rest = '';
  /** @param {Buffer} chunk */
  const read = chunk => {
    const text = rest + chunk.toString('latin1');
    for (let at = text.indexOf(answer); at >= 0; at = text.indexOf(answer, at + 1)) answered();
    rest = text.slice(1 - answer.length);
  };
  client.on('data', read);
  return () => client.off('data', read);
}

/** @param {{ plain: number[], observed: number[] }} costs @param {Usage} plain @param {Usage} observed */
function report(costs, plain, observed) {
  row('CPU for each request, all collectors', middle(costs.observed), 'us', ['without', middle(costs.plain)]);
  const more = costs.observed.map((each, at) => 100 * (each / (costs.plain[at] ?? Number.NaN) - 1));
  row('the same, pair by pair: least', Math.min(...more), '%');
  row('the same, pair by pair: middle', middle(more), '%');
  row('the same, pair by pair: most', Math.max(...more), '%');
  row('growth of resident memory', (observed.resident - plain.resident) / 2 ** 20, 'MB');
  row('kernel memory of maps', observed.kernel / 2 ** 20, 'MB');
}
