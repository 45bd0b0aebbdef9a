/** Machine code as text: by objdump where it is installed, else as bytes. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MachineFunction } from '../inspect/index.js';
import { symbolsAt } from '../inspect/kernel-symbols.js';

/** What objdump calls the processors that we know. */
const machines: Readonly<Record<string, string>> = { x64: 'i386:x86-64', arm64: 'aarch64' };

/** Lines of code by where they begin, from the start of the function. */
type Code = readonly { readonly offset: number; readonly text: string }[];

/** A function with its source lines between the code, and the kernel's names behind its addresses. */
export async function machineListing(machine: MachineFunction): Promise<string> {
  const { name, address, code, lines } = machine;
  const listed = (await disassembled(machine)) ?? inBytes(code, lines);
  const named = await withNames(listed);
  const text = named.flatMap(({ offset, text }) => [
    ...lines
      .filter(({ offset: at, source }) => at === offset && source.text !== '')
      .map(({ source }) => `; ${source.text} (${source.file}:${source.line})`),
    `${offset.toString(16).padStart(6)}: ${text}`,
  ]);
  return [`${name}: 0x${address.toString(16)}`, ...text, ''].join('\n');
}

const kernelAddress = /0x([89a-f][0-9a-f]{15})\b/;

async function withNames(code: Code): Promise<Code> {
  const addressIn = (text: string) => BigInt(kernelAddress.exec(text)?.[0] ?? 0);
  const names = await symbolsAt(code.map(({ text }) => addressIn(text)).filter(address => address > 0n));
  return code.map(({ offset, text }) => {
    const name = names.get(addressIn(text));
    return { offset, text: name === undefined ? text : `${text} <${name}>` };
  });
}

/** Undefined where nothing here can read machine code. */
async function disassembled({ code, address }: MachineFunction): Promise<Code | undefined> {
  const machine = machines[process.arch];
  if (machine === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'libbpf-ts-dump-'));
  try {
    await writeFile(join(folder, 'code'), code);
    const options = ['-D', '-b', 'binary', '-m', machine, '--no-show-raw-insn', `--adjust-vma=${address}`];
    const { stdout } = await promisify(execFile)('objdump', [...options, 'code'], {
      cwd: folder,
      maxBuffer: 2 ** 28,
    });
    const lines = stdout.matchAll(/^ *([0-9a-f]+):\t(.*)$/gm);
    return Array.from(lines, ([, at = '', text = '']) => ({
      offset: Number(BigInt(`0x${at}`) - address),
      text,
    }));
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Up to 16 bytes in a line, which ends where a source line begins. */
function inBytes(code: Uint8Array, lines: MachineFunction['lines']): Code {
  const starts = new Set([0, ...lines.map(({ offset }) => offset)]);
  const found: { offset: number; text: string }[] = [];
  for (const [at, byte] of code.entries()) {
    const last = found.at(-1);
    const hex = byte.toString(16).padStart(2, '0');
    if (last === undefined || starts.has(at) || at - last.offset >= 16) found.push({ offset: at, text: hex });
    else last.text += ` ${hex}`;
  }
  return found;
}
