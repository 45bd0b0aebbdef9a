/** What only the caller can know. */
import { BpfError } from '../errors.js';
import type { Subject } from './site.js';

/**
 * An option that neither the section nor the caller may leave out.
 *
 * @throws BpfError `ERR_BPF_ARGUMENT` that names it.
 */
export function wanted<T>(
  { operation, section }: Subject,
  option: string,
  value: T | undefined,
  what: string,
): T {
  if (value !== undefined) return value;
  const reason = `SEC("${section}") does not say ${what}, and neither does the option ${option}`;
  const hint = `give it: { ${option}: … }`;
  throw new BpfError({ code: 'ERR_BPF_ARGUMENT', operation, reason, hint });
}
