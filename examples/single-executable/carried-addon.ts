/** The addon out of a single executable: Node can load it from a file alone, so it becomes one for a moment. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libbpfVersion, setAddonPath } from 'libbpf-ts';

/** What Node has since 20.12 for executables that carry files. */
interface SingleExecutable {
  isSea(): boolean;
  getRawAsset(name: string): ArrayBuffer;
}

/** Loads it, where this is such an executable; started by `node`, the package finds its own. */
export function loadCarriedAddon(): void {
  const sea = createRequire('/')('node:sea') as SingleExecutable;
  if (!sea.isSea()) return;
  const folder = mkdtempSync(join(tmpdir(), 'app-'));
  const file = join(folder, 'libbpf-ts.node');
  writeFileSync(file, new Uint8Array(sea.getRawAsset('libbpf-ts.node')), { mode: 0o600 });
  setAddonPath(file);
  // The first call loads it; the kernel keeps what is mapped.
  libbpfVersion();
  rmSync(folder, { recursive: true });
}
