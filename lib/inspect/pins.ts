/** Files that hold programs, maps and links: pins of BPF file systems. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { requireText } from '../errors/arguments.js';
import { mounts } from '../host/mounts.js';
import { failed } from '../native/errno.js';
import { type DescriptorKind, kindOfTarget, numberIn } from '../native/fdinfo.js';
import { native } from '../native/native.js';
import { noneOf } from './unreadable.js';

/** One file. */
export interface Pin {
  readonly kind: Exclude<DescriptorKind, 'btf'>;
  /** The id of what it holds. */
  readonly id: number;
  readonly path: string;
}

/**
 * What is pinned in the BPF file systems of this mount namespace, off the main thread. Files and folders that are not
 * ours to open are left out.
 *
 * @param folder - looks in here instead
 * @since Linux 4.4 (bpf_obj_do_pin() in kernel/bpf/inode.c)
 * @example
 * ```ts
 * for await (const { kind, id, path } of pins()) console.log(kind, id, path);
 * ```
 */
export async function* pins(folder?: string): AsyncGenerator<Pin, void, undefined> {
  if (folder !== undefined) requireText('list pins', 'a folder', folder);
  const folders = folder === undefined ? new Set(mounts().bpffs.map(({ path }) => path)) : [folder];
  for (const each of folders) yield* pinsIn(each);
}

async function* pinsIn(folder: string): AsyncGenerator<Pin, void, undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(cause => noneOf(folder, cause));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* pinsIn(path);
    const pin = entry.isFile() ? await pinAt(path) : undefined;
    if (pin !== undefined) yield pin;
  }
}

async function pinAt(path: string): Promise<Pin | undefined> {
  const [text] = await native().pinQuery(path);
  if (failed(text)) return undefined;
  const kind = kindOfTarget(text.slice(0, text.indexOf('\n')));
  if (kind === undefined || kind === 'btf') return undefined;
  const id = numberIn(text, kind);
  return id === undefined ? undefined : { kind, id, path };
}
