/** Which version of libbpf-ts this is. */
import { createRequire } from 'node:module';

/** As in package.json. */
export function version(): string {
  return createRequire(import.meta.url)('libbpf-ts/package.json').version;
}
