/** A real Prometheus, on loopback, with a folder of its own, that scrapes what a test serves. */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oracleRoot } from '../../.setup/oracles.mjs';
import { seconds } from './time.js';
import { Watched } from './tool-runs.js';

const program = join(oracleRoot, 'usr/bin/prometheus');
const features = 'native-histograms,created-timestamp-zero-ingestion';

/** One sample as Prometheus stored it: when, in seconds, and what. */
export type RawSample = readonly [time: number, value: number];

/** A series that a query answered. */
interface FoundSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** Of a query for samples of a while. */
  readonly values?: readonly (readonly [number, string])[];
  /** Of native histograms, as of numbers. */
  readonly histograms?: readonly (readonly [number, FoundHistogram])[];
}

/** A native histogram that Prometheus stored; of each bucket which of its bounds belong to it, both bounds, and its count. */
interface FoundHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [number, string, string, string])[];
}

/** One of its samples. */
export interface RawHistogram {
  readonly time: number;
  readonly count: number;
  readonly sum: number;
  readonly buckets: readonly { readonly from: number; readonly to: number; readonly count: number }[];
}

/** Which format it asks for: the names are Prometheus' own. */
export type ScrapeProtocol = 'PrometheusText0.0.4' | 'PrometheusProto';

export class Prometheus implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-prometheus-'));
  readonly #server;
  #watched: Watched | undefined;
  #address = '';

  private constructor(answer: RequestListener) {
    this.#server = createServer(answer);
  }

  /** Starts it: it scrapes twice a second. */
  static async start(answer: RequestListener, protocol: ScrapeProtocol): Promise<Prometheus> {
    const prometheus = new Prometheus(answer);
    try {
      await prometheus.#start(protocol);
      return prometheus;
    } catch (error) {
      await prometheus[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #start(protocol: ScrapeProtocol): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    const file = join(this.#folder, 'prometheus.yml');
    writeFileSync(file, configuration(port, protocol));
    this.#watched = new Watched(
      spawn(program, [
        ...[`--config.file=${file}`, `--storage.tsdb.path=${join(this.#folder, 'data')}`],
        ...['--web.listen-address=127.0.0.1:0', `--enable-feature=${features}`],
      ]),
    );
    await this.#watched.says(/Server is ready to receive web requests/);
    this.#address = /Listening on.*?address=(\S+)/.exec(this.#watched.stderr)?.[1] ?? '';
  }

  /** What a query answers. */
  async query(text: string): Promise<FoundSeries[]> {
    const url = `http://${this.#address}/api/v1/query?query=${encodeURIComponent(text)}`;
    const { status, data, error } = (await (await fetch(url)).json()) as {
      status: string;
      data?: { result: FoundSeries[] };
      error?: string;
    };
    if (status !== 'success' || data === undefined) throw new Error(`${text}: ${error}`);
    return data.result;
  }

  /** All samples of the only series of a selector, the oldest first; none where there is no such series. */
  async samples(selector: string): Promise<RawSample[]> {
    const { values = [] } = (await this.#only(selector)) ?? {};
    return values.map(([time, value]) => [time, Number(value)]);
  }

  /** The same of a native histogram. */
  async histograms(selector: string): Promise<RawHistogram[]> {
    const { histograms = [] } = (await this.#only(selector)) ?? {};
    return histograms.map(([time, { count, sum, buckets = [] }]) => {
      const bounds = buckets.map(([, from, to, each]) => ({
        from: Number(from),
        to: Number(to),
        count: Number(each),
      }));
      return { time, count: Number(count), sum: Number(sum), buckets: bounds };
    });
  }

  async #only(selector: string): Promise<FoundSeries | undefined> {
    const [series, ...others] = await this.query(`${selector}[1h]`);
    if (others.length > 0) throw new Error(`${selector} has ${others.length + 1} series`);
    return series;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watched?.child.kill('SIGTERM');
    await this.#watched?.ended;
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function configuration(port: number, protocol: ScrapeProtocol): string {
  const often = `${seconds(0.5)}ms`;
  return `
scrape_configs:
  - job_name: test
    scrape_protocols: [${protocol}]
    scrape_interval: ${often}
    scrape_timeout: ${often}
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
`;
}
