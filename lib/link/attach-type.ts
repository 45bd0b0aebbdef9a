/** Words for ways to attach. */
import { native } from '../native/native.js';

/** libbpf's word for an `enum bpf_attach_type`, as `cgroup_inet4_connect`; the number where it has none. */
export function attachTypeName(type: number): string {
  const name = native().attachTypeName(type);
  return typeof name === 'string' ? name : `attach type ${type}`;
}
