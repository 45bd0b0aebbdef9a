/** Which format a scrape gets. */
import { describe, expect, it } from 'vitest';
import { answerScrape } from '../../../lib/telemetry/scrape.js';

const reading = { startTime: new Date(0), time: new Date(1), metrics: [] };
const typeFor = async (accept: string) => (await answerScrape(reading, {}, accept)).contentType.split(';')[0];
const messages = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

describe('a scrape', () => {
  it.each([
    // What Prometheus 3.5 sends, by its feature flags (acceptHeader() in scrape/scrape.go).
    [
      `${messages};q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
    ],
    [`text/plain;q=0.3, ${messages.replaceAll(';', '; ')}`],
  ])('that asks for messages first gets them: %s', async accept => {
    expect(await typeFor(accept)).toBe('application/vnd.google.protobuf');
  });

  it.each([
    '',
    '*/*',
    'text/html, */*;q=0.8',
    `text/plain;version=0.0.4;q=0.6,${messages};q=0.5`,
    `${messages};q=0`,
    messages.replace('delimited', 'text'),
    messages.replace('MetricFamily', 'Other'),
  ])('gets text else: %j', async accept => {
    expect(await typeFor(accept)).toBe('text/plain');
  });
});

describe('a scrape of 50,000 series', () => {
  const points = Array.from({ length: 2000 }, (_, at) => ({ attributes: { at: `${at}` }, value: at }));
  const many = Array.from({ length: 25 }, (_, at) => ({
    ...{ name: `kernel.x${at}`, unit: '{x}', description: 'It.', collector: 'self' as const },
    ...{ kind: 'counter' as const, points },
  }));

  it.each(['', messages])('lets the event loop go round all the while: %j', async accept => {
    let turns = 0;
    let ended = false;
    const go = (): void => {
      turns++;
      if (!ended) setImmediate(go);
    };
    go();
    const { body } = await answerScrape({ ...reading, metrics: many }, {}, accept);
    ended = true;
    // Between two turns there are the lines of 100 series at most.
    expect(turns).toBeGreaterThanOrEqual(500);
    expect(body.length).toBeGreaterThan(1e6);
    if (typeof body === 'string')
      expect(body.match(/^kernel_x\d+_total\{at="\d+"\} \d+$/gm)).toHaveLength(50_000);
  });
});
