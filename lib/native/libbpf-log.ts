/** libbpf's log of a failed call, read for the line that tells most. */

/** The program that libbpf was loading when it gave up. */
export function failedProgram(log: string): string | undefined {
  return [...log.matchAll(/^libbpf: prog '([^']+)':/gm)].at(-1)?.[1];
}

/**
 * What libbpf says when the kernel refuses its very first program, and guesses at the memory limit for (pr_perm_msg()
 * in libbpf.c).
 */
const refusesAll = /bpf_object__probe_loading/;

/** libbpf's last warning is its most specific; without its prefix, and without the errno that we name ourselves. */
export function lastWarning(log: string): string | undefined {
  const lines = log.split('\n').filter(line => line.startsWith('libbpf: ') && !isMisleading(line));
  const text = lines
    .at(-1)
    ?.replace(/^libbpf: /, '')
    .replace(/: -?[A-Z0-9]+$|: -\d+$/, '');
  if (refusesAll.test(text ?? '')) return 'the kernel refuses this process even the smallest program';
  return text === '' ? undefined : text;
}

/**
 * libbpf blames the memory limit for every EPERM (pr_perm_msg() in libbpf.c), which is one before Linux 5.11 only;
 * and it ends with lines that say no more than that it failed.
 */
function isMisleading(line: string): boolean {
  return /ulimit -l|failed to load object|failed to load BPF skeleton|failed to prepare load attributes|': failed to load: /.test(
    line,
  );
}
