/** Which sections say all that attaching needs: libbpf 1.7's section definitions with an attach function. Pure data. */

/** Section prefixes that libbpf attaches by themselves once a target follows, as in `tp/sched/sched_switch`. */
export const selfAttaching = [
  'kprobe',
  'kretprobe',
  'kprobe.multi',
  'kretprobe.multi',
  'kprobe.session',
  'ksyscall',
  'kretsyscall',
  'uprobe',
  'uprobe.s',
  'uretprobe',
  'uretprobe.s',
  'uprobe.multi',
  'uprobe.multi.s',
  'uretprobe.multi',
  'uretprobe.multi.s',
  'uprobe.session',
  'uprobe.session.s',
  'usdt',
  'usdt.s',
  'tp',
  'tracepoint',
  'raw_tp',
  'raw_tp.w',
  'raw_tracepoint',
  'raw_tracepoint.w',
  'tp_btf',
  'fentry',
  'fentry.s',
  'fexit',
  'fexit.s',
  'fmod_ret',
  'fmod_ret.s',
  'fsession',
  'fsession.s',
  'freplace',
  'lsm',
  'lsm.s',
  'iter',
  'iter.s',
] as const;

/** True when the section names both how and where to attach. */
export function attachesBySection(section: string): boolean {
  const slash = section.indexOf('/');
  if (slash < 0 || slash === section.length - 1) return false;
  return (selfAttaching as readonly string[]).includes(section.slice(0, slash));
}
