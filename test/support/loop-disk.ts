/** A disk of a test's own: a loop device on a file of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** How the kernel puts requests in order before the disk gets them. */
export type Scheduler = 'none' | 'mq-deadline';

/** What the kernel itself has counted of a disk: Documentation/block/stat.rst. */
export interface DiskCounts {
  readonly reads: number;
  readonly readSectors: number;
  readonly writes: number;
  readonly writtenSectors: number;
  readonly discards: number;
  readonly flushes: number;
}

export class LoopDisk implements Disposable {
  /** As `loop0`. */
  readonly name: string;
  readonly path: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-disk-'));

  constructor(scheduler: Scheduler = 'none', folder = this.#folder) {
    const file = join(folder, 'disk');
    writeFileSync(file, '');
    truncateSync(file, 64 << 20);
    this.path = execFileSync('losetup', ['--find', '--show', file], { encoding: 'utf8' }).trim();
    this.name = basename(this.path);
    writeFileSync(`/sys/block/${this.name}/queue/scheduler`, scheduler);
  }

  counts(): DiskCounts {
    const numbers = readFileSync(`/sys/block/${this.name}/stat`, 'utf8').trim().split(/\s+/).map(Number);
    const [reads = 0, , readSectors = 0, , writes = 0, , writtenSectors = 0] = numbers;
    const [discards = 0, , , , flushes = 0] = numbers.slice(11);
    return { reads, readSectors, writes, writtenSectors, discards, flushes };
  }

  [Symbol.dispose](): void {
    execFileSync('losetup', ['--detach', this.path]);
    rmSync(this.#folder, { recursive: true });
  }
}

/** One request, as `['write', 8, 4096]`: operation, sector, bytes. */
export type DiskRequest = readonly [operation: string, sector: number | undefined, bytes: number];

/** What `diskWork()` asks of the disk, in this order. */
export const diskRequests: readonly DiskRequest[] = [
  ...Array.from({ length: 40 }, (_, i): DiskRequest => ['write', 8 * i, 4096]),
  ...Array.from({ length: 20 }, (_, i): DiskRequest => ['read', 128 * i, 65_536]),
  ['read', 3, 512],
  ['discard', 2048, 1 << 20],
];

/** Python that does them, one after the other and past the cache; and at last a flush, which has a thread of the kernel do it. */
export function diskWork({ path }: Pick<LoopDisk, 'path'>): string {
  return `
import fcntl, struct
disk = os.open('${path}', os.O_RDWR | os.O_DIRECT)
page, more = mmap.mmap(-1, 4096), mmap.mmap(-1, 65536)
for i in range(40): os.pwritev(disk, [page], i * 4096)
for i in range(20): os.preadv(disk, [more], i * 65536)
os.preadv(disk, [memoryview(page)[:512]], 3 * 512)
fcntl.ioctl(disk, 0x1277, struct.pack('QQ', 1 << 20, 1 << 20)) # BLKDISCARD
os.fsync(disk)
`;
}
