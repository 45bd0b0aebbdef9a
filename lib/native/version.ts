/** Which libbpf is inside. */
import { native } from './native.js';

/** The version of the libbpf that the addon carries, as `1.7`. */
export function libbpfVersion(): string {
  return native().libbpfVersion().replace(/^v/, '');
}
