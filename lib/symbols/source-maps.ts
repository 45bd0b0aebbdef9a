/** From compiled JavaScript back to what its author wrote, by the source maps beside it. */
import { readFile, stat } from 'node:fs/promises';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { SourcePosition } from './javascript-name.js';

/** Larger files are not read: a bundle has some megabytes. */
const largest = 64 * 2 ** 20;
/** At the end of a file, behind the last `sourceMappingURL=`. */
const comment = /^(\S+)\s*$/;
const mark = 'sourceMappingURL=';
const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/s;

/** What is read once for each file of one file system. */
export class SourceMaps {
  /** In front of all paths: of the process that ran the files. */
  readonly #root: string;
  readonly #maps = new Map<string, Promise<nodeModule.SourceMap | undefined>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The place in the original source; the given one where there is no map, or it has nothing of it. */
  async original(position: SourcePosition): Promise<SourcePosition> {
    if (!position.file.startsWith('/')) return position;
    const map = await this.#mapOf(position.file);
    try {
      return originalIn(map, position);
    } catch {
      // A map that is damaged leads nowhere.
      return position;
    }
  }

  #mapOf(file: string): Promise<nodeModule.SourceMap | undefined> {
    const known = this.#maps.get(file);
    if (known) return known;
    const reading = this.#read(file).catch(() => undefined);
    this.#maps.set(file, reading);
    return reading;
  }

  async #read(file: string): Promise<nodeModule.SourceMap | undefined> {
    // Bun's node:module has no source maps.
    if (typeof nodeModule.SourceMap !== 'function') return undefined;
    const text = await this.#text(file);
    const at = text.lastIndexOf(mark);
    const [, address] = (at < 0 ? null : comment.exec(text.slice(at + mark.length))) ?? [];
    if (address === undefined) return undefined;
    const json =
      inlineText(address) ?? (await this.#text(fileURLToPath(new URL(address, pathToFileURL(file)))));
    return new nodeModule.SourceMap(JSON.parse(json.replace(/^\)\]\}'[^\n]*\n/, '')));
  }

  async #text(file: string): Promise<string> {
    const path = join(this.#root, file);
    const status = await stat(path);
    if (!status.isFile() || status.size > largest) return '';
    return readFile(path, 'utf8');
  }
}

function inlineText(address: string): string | undefined {
  const [, base64, text] = inline.exec(address) ?? [];
  if (text === undefined) return undefined;
  return base64 ? Buffer.from(text, 'base64').toString('utf8') : decodeURIComponent(text);
}

function originalIn(map: nodeModule.SourceMap | undefined, position: SourcePosition): SourcePosition {
  const entry = map?.findEntry(position.line - 1, position.column - 1);
  if (!entry || !('originalSource' in entry)) return position;
  const { originalSource, originalLine, originalColumn } = entry;
  if (typeof originalSource !== 'string') return position;
  const url = new URL(originalSource, pathToFileURL(position.file));
  const file = url.protocol === 'file:' ? fileURLToPath(url) : url.href;
  return { file, line: originalLine + 1, column: originalColumn + 1 };
}
