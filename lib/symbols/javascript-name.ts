/** Names of compiled JavaScript, as V8 writes them into perf maps. */

/** How V8 had compiled a function. */
export type JavaScriptTier = 'interpreted' | 'baseline' | 'maglev' | 'optimized';

/** A function of JavaScript and where it begins. */
export interface JavaScriptFunction {
  /** As in the source, `get x` for a getter; `(anonymous)` where it has no name, `(script)` for a file's own code. */
  readonly name: string;
  readonly tier?: JavaScriptTier | undefined;
  /** Lines and columns count from 1. */
  readonly source?: SourcePosition | undefined;
}

/** A place in a source file. */
export interface SourcePosition {
  /** A path; a URL or `node:` name where it is none; empty for code without a file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** V8's markers (src/objects/code-kind.cc: CodeKindToMarker()): `o` is code entered in a loop, `'` context-specialised. */
const named = /^(?:JS|Script|Eval|Function|LazyCompile|Callback):(?:(o?[~^+*])'?)?(.*)$/s;
const tiers: Readonly<Record<string, JavaScriptTier>> = {
  '~': 'interpreted',
  '^': 'baseline',
  '+': 'maglev',
  '*': 'optimized',
};
/** A name, a file, a line and a column; in code that was evaluated the file is missing. */
const placed = /^(.*?) ?((?:file:\/\/\/|node:|\/|[a-z]+:\/\/)\S.*|):(\d+):(\d+)$/s;

/** Reads `JS:*total file:///app/x.js:1:20`; undefined for what is no function of JavaScript, as `RegExp:a+b`. */
export function parseJavaScriptName(text: string): JavaScriptFunction | undefined {
  const [, marker, rest] = named.exec(text) ?? [];
  if (rest === undefined) return undefined;
  const [, name = rest, file, line, column] = placed.exec(rest) ?? [];
  const anonymous = text.startsWith('Script:') ? '(script)' : '(anonymous)';
  return {
    name: name.trim() || anonymous,
    tier: marker === undefined ? undefined : tiers[marker.slice(-1)],
    source:
      file === undefined ? undefined : { file: pathOf(file), line: Number(line), column: Number(column) },
  };
}

function pathOf(file: string): string {
  if (!file.startsWith('file:///')) return file;
  try {
    return decodeURIComponent(file.slice('file://'.length));
  } catch {
    return file;
  }
}
