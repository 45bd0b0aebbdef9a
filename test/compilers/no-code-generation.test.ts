/** The same values in a process that forbids `new Function`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transpileModule } from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';

const root = new URL('../../lib/', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-codec-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The pure rooms as JavaScript, as a build would make them. */
function build(): void {
  for (const room of ['errors', 'btf', 'codec'].flatMap(sources)) {
    const options = { compilerOptions: { module: 99, target: 9 } };
    const target = join(folder, room.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transpileModule(readFileSync(join(root, room), 'utf8'), options).outputText);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
}

const sources = (room: string) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(room, name));

const script = `
import { array, bits, bytes, decode, encode, enumeration, struct, text, u8, u16, u32, u64 } from './codec/index.js';
let generated = true;
try { new Function(''); } catch { generated = false; }
const Inner = struct('struct inner', 4, { a: [0, u16], ['__proto__']: [2, u8], constructor: [3, u8] });
const codec = struct('struct outer', 48, {
  id: [0, u64], name: [8, text(8)], mac: [16, bytes(6)], low: [22, bits(u32, 1, 4)], state: [24, enumeration('enum s', u32, { ON: 1 })],
  inner: [28, Inner], many: [32, array(u8, 12)], pair: [44, array(u16, 2)], tail: [48, array(Inner)],
});
const record = Uint8Array.from({ length: 57 }, (_, i) => (i * 7 + 1) & 127);
const entries = value => typeof value === 'object' && value !== null ? [Object.getPrototypeOf(value).constructor.name, Object.entries(value).map(([k, v]) => [k, entries(v)])] : String(value);
let short = '';
try { decode(codec, record.subarray(0, 9)); } catch (error) { short = error.message; }
const written = [...encode(codec, decode(codec, record))];
let unfit = '';
try { encode(codec, { ...decode(codec, record), pair: [1, 70000] }); } catch (error) { unfit = error.message; }
console.log(JSON.stringify({ generated, value: entries(decode(codec, record)), short, written, unfit }));
`;

function decoded(...flags: string[]) {
  const output = execFileSync(process.execPath, [...flags, 'script.js'], { cwd: folder, encoding: 'utf8' });
  return JSON.parse(output) as {
    generated: boolean;
    value: unknown;
    short: string;
    written: number[];
    unfit: string;
  };
}

describe('with --disallow-code-generation-from-strings', () => {
  it('codecs read the same values, write the same bytes and throw the same errors', () => {
    build();
    writeFileSync(join(folder, 'script.js'), script);
    const [usual, forbidden] = [decoded(), decoded('--disallow-code-generation-from-strings')];
    expect([usual.generated, forbidden.generated]).toEqual([true, false]);
    expect(forbidden.value).toEqual(usual.value);
    expect(forbidden.short).toBe(usual.short);
    expect(forbidden.written).toEqual(usual.written);
    expect(usual.written).toContain(127);
    expect(forbidden.unfit).toBe(usual.unfit);
    expect(usual.unfit).toMatch(
      /^write struct outer: ERR_BPF_VALUE, pair\[1\] takes an integer from 0 to 65535/,
    );
    expect(usual.short).toMatch(/^read struct outer: ERR_BPF_RECORD, needs 48 bytes, got 9/);
    expect(JSON.stringify(usual.value)).toContain('"__proto__"');
  });
});
