/** A BPF file system of a test's own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

let mounted: string | undefined;
afterAll(unmount);

/** A folder in one while in use; what is pinned there goes with it. */
export class BpfFileSystem implements Disposable {
  readonly path = mkdtempSync(join(mountPoint(), 'test-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** Mounted once for a test file: that takes a guest half a second. */
function mountPoint(): string {
  if (mounted !== undefined) return mounted;
  const path = mkdtempSync(join(tmpdir(), 'libbpf-ts-bpffs-'));
  execFileSync('mount', ['-t', 'bpf', 'bpf', path]);
  mounted = path;
  return path;
}

function unmount(): void {
  if (mounted === undefined) return;
  execFileSync('umount', [mounted]);
  rmdirSync(mounted);
  mounted = undefined;
}
