/** A BPF file system of a test's own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Mounted while in use; what is pinned there goes with it. */
export class BpfFileSystem implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'libbpf-ts-bpffs-'));

  constructor() {
    execFileSync('mount', ['-t', 'bpf', 'bpf', this.path]);
  }

  [Symbol.dispose](): void {
    execFileSync('umount', [this.path]);
    rmdirSync(this.path);
  }
}
