/** Which C library this process runs on: a binary for one does not load on the other. */
import { closeSync, openSync, readSync } from 'node:fs';

type Libc = 'glibc' | 'musl';

/** Of this process, whatever else the machine has. */
export function runningLibc(): Libc {
  return loaderOf(process.execPath) ?? reportedLibc();
}

/** By the dynamic loader that an executable names near its start; undefined where it names none. */
function loaderOf(path: string): Libc | undefined {
  const start = startOf(path).toString('latin1');
  if (start.includes('/ld-musl-')) return 'musl';
  return start.includes('/ld-linux') ? 'glibc' : undefined;
}

function startOf(path: string): Buffer {
  const bytes = Buffer.alloc(4096);
  try {
    const fd = openSync(path, 'r');
    try {
      return bytes.subarray(0, readSync(fd, bytes));
    } finally {
      closeSync(fd);
    }
  } catch {
    return bytes.subarray(0, 0);
  }
}

/** What Node knows, which takes it milliseconds to tell. Network interfaces stay out, whose names may take seconds. */
function reportedLibc(): Libc {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  const { excludeNetwork = false } = report;
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
  report.excludeNetwork = excludeNetwork;
  return header?.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}
