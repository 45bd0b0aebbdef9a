/**
 * What a kernel that is locked down keeps from programs: then the verifier says that there is no such helper
 * (bpf_base_func_proto() in kernel/bpf/helpers.c, bpf_tracing_func_proto() in kernel/trace/bpf_trace.c).
 */
import { lockdown } from './settings.js';

/** By the mildest mode that hides them: the helpers, and what does without them. */
const hidden = [
  {
    modes: ['integrity', 'confidentiality'],
    helper: /\bbpf_probe_write_user\b/,
    instead: 'write to memory that user space maps instead: a BPF_F_MMAPABLE array, an arena or a ring',
  },
  {
    modes: ['confidentiality'],
    helper: /\bbpf_probe_read(_kernel)?(_str)?(?=#)/,
    instead: 'read through typed pointers in tp_btf, fentry, lsm or iter programs, which need no helper',
  },
] as const;

/**
 * Why a helper is missing, where the mode of this kernel hides it.
 *
 * @param verdict - what the verifier's log says, as `unknown func bpf_probe_read_kernel#113`
 * @param mode - by default the one that is active here; undefined where it cannot be read
 */
export function hiddenByLockdown(verdict: string, mode: string | undefined = lockdown()): string | undefined {
  if (!/unknown func|cannot use helper/.test(verdict)) return undefined;
  const row = hidden.find(({ modes, helper }) => modes.some(each => each === mode) && helper.test(verdict));
  const [name] = row?.helper.exec(verdict) ?? [];
  return row && `the kernel is locked down (${mode}), which hides ${name}: ${row.instead}`;
}
