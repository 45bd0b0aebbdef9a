/** Names of kernel addresses, from /proc/kallsyms, which is long: it is read a piece at a time. */
import { open } from 'node:fs/promises';

const file = '/proc/kallsyms';
const pieceBytes = 64 * 1024;
const addressDigits = 16;

/** The function that calls of helpers are relative to in loaded programs (BPF_CALL_IMM() in include/linux/filter.h). */
const callBaseName = '__bpf_call_base';
let callBase: bigint | undefined;

/**
 * The address that calls are relative to; undefined where addresses are hidden (kallsyms_show_value() in
 * kernel/ksyms_common.c).
 */
export async function helperBase(): Promise<bigint | undefined> {
  if (callBase !== undefined) return callBase;
  for await (const lines of pieces()) {
    const line = lines.find(each => nameIn(each) === callBaseName);
    if (line === undefined) continue;
    const address = BigInt(`0x${line.slice(0, addressDigits)}`);
    if (address !== 0n) callBase = address;
    break;
  }
  return callBase;
}

/** Names of those addresses that are the start of something; of several names the first. */
export async function symbolsAt(addresses: Iterable<bigint>): Promise<ReadonlyMap<bigint, string>> {
  const wanted = new Map(
    Array.from(addresses, each => [each.toString(16).padStart(addressDigits, '0'), each]),
  );
  const found = new Map<bigint, string>();
  for await (const lines of wanted.size === 0 ? [] : pieces()) {
    for (const line of lines) {
      const address = wanted.get(line.slice(0, addressDigits));
      if (address !== undefined && !found.has(address)) found.set(address, nameIn(line));
    }
    if (found.size === wanted.size) break;
  }
  return found;
}

/** `ffffffff81000000 T _text`, a module's name in brackets behind a tab. */
function nameIn(line: string): string {
  const start = addressDigits + 3;
  const end = line.indexOf('\t', start);
  return line.slice(start, end < 0 ? undefined : end);
}

/** Some lines at a time, so that the event loop has its turns; none where the file cannot be read. */
async function* pieces(): AsyncGenerator<readonly string[], void, undefined> {
  await using symbols = await open(file, 'r').catch(() => undefined);
  const piece = Buffer.allocUnsafe(pieceBytes);
  let rest = '';
  while (symbols !== undefined) {
    const { bytesRead } = await symbols.read(piece, 0, pieceBytes);
    if (bytesRead === 0) return;
    const whole = (rest + piece.toString('latin1', 0, bytesRead)).split('\n');
    rest = whole.pop() ?? '';
    yield whole;
  }
}
