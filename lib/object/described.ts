/** Descriptions of files that were opened before: the same file is opened again and again. */
import { createHash } from 'node:crypto';
import type { Description } from '../gen/description.js';
import { describeObject, type ModelOptions } from '../gen/index.js';
import { checkObject } from './screening.js';
import type { ObjectBytes } from './source.js';

/** Each takes what a generated module of the object does. */
const most = 32;
const known = new Map<string, Description>();

/**
 * What an object contains. It is looked at, and its types are read, once for each content: the next time its digest says
 * that nothing has changed.
 */
export function describeFile(
  { bytes, subject }: ObjectBytes,
  name: string,
  choice: ModelOptions,
): Description {
  const digest = createHash('sha256').update(bytes).digest('base64');
  const key = `${digest} ${name} ${JSON.stringify(choice)}`;
  const description = known.get(key) ?? read(bytes, subject, name, choice);
  known.delete(key); // the one that was asked for last comes last
  known.set(key, description);
  const [oldest = ''] = known.keys();
  if (known.size > most) known.delete(oldest);
  return { ...description, object: { bytes: () => bytes } };
}

/** Without the bytes, which are not kept. */
function read(bytes: Uint8Array, subject: string, name: string, choice: ModelOptions): Description {
  checkObject(bytes, subject);
  return { ...describeObject(bytes, name, choice), object: { bytes: () => new Uint8Array() } };
}
