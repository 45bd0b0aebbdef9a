/** Which format a scrape gets. */
import { describe, expect, it } from 'vitest';
import { answerScrape } from '../../../lib/telemetry/scrape.js';

const reading = { startTime: new Date(0), time: new Date(1), metrics: [] };
const typeFor = (accept: string) => answerScrape(reading, {}, accept).contentType.split(';')[0];
const messages = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

describe('a scrape', () => {
  it.each([
    // What Prometheus 3.5 sends, by its feature flags (acceptHeader() in scrape/scrape.go).
    [
      `${messages};q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
    ],
    [`text/plain;q=0.3, ${messages.replaceAll(';', '; ')}`],
  ])('that asks for messages first gets them: %s', accept => {
    expect(typeFor(accept)).toBe('application/vnd.google.protobuf');
  });

  it.each([
    '',
    '*/*',
    'text/html, */*;q=0.8',
    `text/plain;version=0.0.4;q=0.6,${messages};q=0.5`,
    `${messages};q=0`,
    messages.replace('delimited', 'text'),
    messages.replace('MetricFamily', 'Other'),
  ])('gets text else: %j', accept => {
    expect(typeFor(accept)).toBe('text/plain');
  });
});
