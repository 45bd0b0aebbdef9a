/** What a scrape is answered with: Prometheus asks for the formats that it takes. */
import { argumentError, shown } from '../errors/arguments.js';
import { familiesContentType, familyPieces } from './families.js';
import { inTurns } from './in-turns.js';
import type { TelemetryReading } from './reading.js';
import { textContentType, textPieces } from './text.js';

/** The answer to a scrape: its body, and what that is, for the header `Content-Type`. */
export interface ScrapeAnswer {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** @throws BpfError `ERR_BPF_ARGUMENT` for what is no header */
export function requireAccept(accept: unknown): void {
  if (typeof accept === 'string') return;
  throw argumentError('answer a scrape', `accept is the header of the request, not ${shown(accept)}`);
}

/** @param accept - the header of the request */
export async function answerScrape(
  reading: TelemetryReading,
  labels: Readonly<Record<string, string>>,
  accept: string,
): Promise<ScrapeAnswer> {
  if (!prefersMessages(accept))
    return { contentType: textContentType, body: await writeText(reading, labels) };
  const body = Buffer.concat(await inTurns(familyPieces(reading, labels)));
  return { contentType: familiesContentType, body };
}

/** All metrics as text. */
export async function writeText(
  reading: TelemetryReading,
  labels: Readonly<Record<string, string>>,
): Promise<string> {
  return (await inTurns(textPieces(reading, labels))).join('');
}

const messages =
  /^application\/vnd\.google\.protobuf(?=.*;\s*proto=io\.prometheus\.client\.metricfamily)(?=.*;\s*encoding=delimited)/i;
const text = /^(text\/plain|\*\/\*)/i;

/** Those that are named first, where both are asked for alike. */
function prefersMessages(accept: string): boolean {
  const wanted = accept.split(',').map(each => each.trim());
  const quality = (format: RegExp) =>
    Math.max(-1, ...wanted.filter(each => format.test(each)).map(qualityOf));
  return quality(messages) > 0 && quality(messages) >= quality(text);
}

/** RFC 9110, section 12.4.2. */
function qualityOf(wanted: string): number {
  return Number(/;\s*q=([\d.]+)/i.exec(wanted)?.[1] ?? 1);
}
