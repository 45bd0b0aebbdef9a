/** The built library where every user can read it: a checkout may be in a folder that only its owner can. */
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from './child.js';

const parts = ['dist', 'build/Release/bpf.node', 'package.json', 'node_modules/node-gyp-build'];

/** Exists while in use; scripts import `${path}/dist/index.js`. */
export class PublicCopy implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'libbpf-ts-public-'));

  constructor(...more: readonly string[]) {
    for (const part of [...parts, ...more])
      cpSync(join(checkout, part), join(this.path, part), { recursive: true, dereference: true });
    chmodSync(this.path, 0o755);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}
