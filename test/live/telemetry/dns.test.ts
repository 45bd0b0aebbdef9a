/** Telemetry of names: Node's own resolver asks a server that counts, in a network of their own. */
import { expect, it } from 'vitest';
import { runScript } from '../../support/child.js';
import { Namespace } from '../../support/network.js';

/** The server answers by the first part of a name; the process observes itself. */
const script = `
import dgram from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import { observe } from 'libbpf-ts/telemetry';

const told = { questions: 0, NOERROR: 0, NXDOMAIN: 0, SERVFAIL: 0 };
const codes = { gone: 3, broken: 2 };
const names = ['NOERROR', '', 'SERVFAIL', 'NXDOMAIN'];
const record = Buffer.from('c00c000100010000000000047f000001', 'hex');

function answerTo(question, code) {
  let end = 12;
  while (question[end]) end += question[end] + 1;
  const answer = Buffer.concat([question.subarray(0, end + 5), code ? Buffer.alloc(0) : record]);
  answer.writeUInt16BE(0x8180 | code, 2);
  answer.writeUInt16BE(code ? 0 : 1, 6);
  answer.writeUInt32BE(0, 8);
  return answer;
}

async function serve(type, address) {
  const server = dgram.createSocket(type);
  server.on('message', (question, { port }) => {
    const name = question.subarray(13, 13 + question[12]).toString();
    const code = codes[name] ?? 0;
    told.questions++;
    if (name === 'silent') return;
    told[names[code]]++;
    setTimeout(() => server.send(answerTo(question, code), port, address), name === 'slow' ? 100 : 0);
  });
  server.bind(53, address);
  await once(server, 'listening');
  return server;
}

async function ask(address) {
  const resolver = new Resolver({ timeout: 300, tries: 1 });
  resolver.setServers([address]);
  const all = { good: 10, gone: 4, broken: 2, silent: 3, slow: 2 };
  for (const [name, count] of Object.entries(all))
    for (let n = 0; n < count; n++) await resolver.resolve4(name + '.example').catch(() => {});
}

const kernel = await observe({ of: 'process', collectors: ['dns'] });
const servers = [await serve('udp4', '127.0.0.1'), await serve('udp6', '::1')];
for (const address of ['127.0.0.1', '::1']) await ask(address);
const { metrics } = await kernel.read();
const [questions, durations] = ['questions', 'duration'].map(name => metrics.find(each => each.name === 'kernel.dns.' + name));
const found = Object.fromEntries(durations.points.map(({ attributes, count }) => [attributes['dns.response_code'], count]));
const { sum } = durations.points.find(({ attributes }) => attributes['dns.response_code'] === 'NOERROR');
console.log(JSON.stringify({ told, found: { questions: questions.points[0].value, ...found }, sum }));
for (const server of servers) server.close();
await kernel.close();
`;

it('has as many questions and answers, by their codes, as the server', async () => {
  using namespace = new Namespace();
  const { stdout, stderr } = await runScript(script, [], ['nsenter', `--net=${namespace.path}`]);
  expect(stderr).toBe('');
  const { told, found, sum } = JSON.parse(stdout);
  expect(found).toEqual(told);
  expect(told).toMatchObject({ NOERROR: 24, NXDOMAIN: 8 });
  // Those who waited for nothing are in no histogram.
  expect(told.questions - told.NOERROR - told.NXDOMAIN - told.SERVFAIL).toBeGreaterThanOrEqual(6);
  // Four answers came after 0.1 seconds.
  expect(sum).toBeGreaterThanOrEqual(0.4);
});
