/** libbpf's static linker: several objects into one, without their debug sections. */

import { screenLinked, unshared } from '../btf/index.js';
import { requireBytes, requireList } from '../errors/arguments.js';
import { errnoError, failed } from '../native/errno.js';
import { type Flow, job, run } from '../native/flow.js';
import { lastWarning } from '../native/libbpf-log.js';

/**
 * Links BPF objects into one. One object into one keeps its code and types and drops DWARF.
 *
 * @param objects - the bytes of at least one object.
 * @throws BpfError `ERR_BPF_ARGUMENT` for what is no array of bytes, `ERR_BPF_ELF` or `ERR_BPF_BTF` for a damaged object;
 * otherwise with the errno's name, and `log` says what libbpf objected to.
 */
export function linkObjects(objects: readonly Uint8Array[]): Promise<Uint8Array> {
  return run(linkFlow(objects));
}

function* linkFlow(objects: readonly Uint8Array[]): Flow<Uint8Array> {
  requireList('link objects', 'objects', objects);
  for (const object of objects) requireBytes('link objects', 'an object', object);
  const operation = `link ${objects.length} objects`;
  const screened = objects.map((object, i) => {
    const bytes = unshared(object);
    screenLinked(bytes, `object ${i + 1} of ${objects.length}`);
    return bytes;
  });
  const [result, log] = yield* job('linkerLink', screened);
  if (failed(result)) throw errnoError(result, operation, { log, reason: lastWarning(log) });
  return result;
}
