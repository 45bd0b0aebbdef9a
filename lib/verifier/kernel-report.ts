/** The report that kernels from 7.3 on write below their error, in sentences (kernel/bpf/diagnostics.c). */

/** What the kernel itself explains. */
export interface KernelReport {
  /** As `Register Type Safety: Unreadable register`. */
  readonly title: string;
  readonly reason: string;
  /** Empty where it has none. */
  readonly suggestion: string;
}

const start = /^Verification failed: (.*)$/m;

/** Parts the log: what every kernel writes, and the report. */
export function withoutReport(log: string): { readonly rest: string; readonly report?: KernelReport } {
  const found = log.match(start);
  if (found?.index === undefined) return { rest: log };
  const text = log.slice(found.index);
  const statistics = text.search(/^(processed \d+ insns|verification time)/m);
  const rest = log.slice(0, found.index) + (statistics < 0 ? '' : text.slice(statistics));
  const report = {
    title: found[1] ?? '',
    reason: section(text, 'Reason'),
    suggestion: section(text, 'Suggestion'),
  };
  return { rest, report };
}

/** The indented lines below a heading, as one. */
function section(text: string, heading: string): string {
  const body = text.match(new RegExp(`^${heading}:\\n((?:[ \\t]+.*\\n?)+)`, 'm'))?.[1] ?? '';
  return body
    .split('\n')
    .map(line => line.trim())
    .join(' ')
    .trim();
}
