/**
 * Functions by name or pattern in a program or library, in the order and with the rules of elf_find_func_offset() and
 * elf_resolve_pattern_offsets() in elf.c.
 */
import { requireMethod, requireText } from '../errors/arguments.js';
import type { Elf } from './elf.js';
import { type FunctionSymbol, FunctionTable, hashOf } from './elf-functions.js';

/** Several functions of that name are in the file: the name alone does not tell which is meant. */
export class AmbiguousFunction {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Where a function is in the file, in bytes; undefined where there is none of that name.
 *
 * @param name - `name`, `name@VERSION` or `name@@VERSION`
 */
export function functionOffset(elf: Elf, name: string): bigint | AmbiguousFunction | undefined {
  const [plain = '', version] = name.split(/@@?/, 2);
  const bytes = new TextEncoder().encode(plain);
  for (const type of ['dynsym', 'symtab'] as const) {
    const table = FunctionTable.of(elf, type);
    if (!table) continue;
    const isMeant = (symbol: FunctionSymbol) => {
      const behind = table.startsWith(symbol, bytes)?.behind;
      if (behind !== 0 && behind !== at) return false;
      if (version === undefined) return true;
      return type === 'dynsym' ? table.version(symbol) === version : table.text(symbol) === byteText(name);
    };
    const found = chosen(table, isMeant, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

const at = '@'.charCodeAt(0);

/** Of functions at different places the one that is not weak is meant, if it is alone. */
function chosen(table: FunctionTable, isMeant: (symbol: FunctionSymbol) => boolean, name: string) {
  let found: FunctionSymbol | undefined;
  for (const symbol of table) {
    if (!isMeant(symbol) || symbol.offset === found?.offset) continue;
    if (found && !found.isWeak && !symbol.isWeak) return new AmbiguousFunction(name);
    if (!found || !symbol.isWeak) found = symbol;
  }
  return found?.offset || undefined;
}

/** Where functions of exactly these names are, in the order of the names; undefined for those that are not there. */
export function functionOffsets(
  elf: Elf,
  names: readonly string[],
): (bigint | AmbiguousFunction | undefined)[] {
  const found = new Map<string, FunctionSymbol | AmbiguousFunction>();
  const hashes = new Set(names.map(hashOf));
  for (const type of ['dynsym', 'symtab'] as const) {
    const table = FunctionTable.of(elf, type);
    for (const symbol of table ?? []) {
      // Few names are worth reading.
      if (!table || !hashes.has(table.hash(symbol))) continue;
      const name = table.text(symbol);
      found.set(name, preferred(found.get(name), symbol, name));
    }
  }
  return names.map(name => {
    const symbol = found.get(byteText(name));
    return symbol instanceof AmbiguousFunction ? symbol : symbol?.offset;
  });
}

/** The names by which a library's versions of a function are told apart, as `fmemopen@GLIBC_2.2.5`; sorted. */
export function versionedNames(elf: Elf, name: string): string[] {
  const table = FunctionTable.of(elf, 'dynsym');
  const symbols = [...(table ?? [])].filter(symbol => table?.text(symbol) === byteText(name));
  const versions = symbols.map(symbol => table?.version(symbol)).filter(version => version !== undefined);
  return [...new Set(versions)].sort().map(version => `${name}@${version}`);
}

/** A character for each byte of UTF-8, as names are read. */
function byteText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function preferred(
  known: FunctionSymbol | AmbiguousFunction | undefined,
  symbol: FunctionSymbol,
  name: string,
) {
  if (known === undefined) return symbol;
  if (known instanceof AmbiguousFunction || known.offset === symbol.offset) return known;
  if (!known.isWeak && !symbol.isWeak) return new AmbiguousFunction(name);
  return symbol.isWeak ? known : symbol;
}

/** A function of a program or library, and where it begins in the file, in bytes. */
export interface ElfFunction {
  readonly name: string;
  readonly offset: bigint;
}

/**
 * The functions whose names fit a pattern, in the order of the symbol table; of a file that was stripped, those that it exports.
 * A function of several names comes as often.
 *
 * @param pattern - with `*` and `?`
 * @throws BpfError `ERR_BPF_ELF` for a damaged symbol table, `ERR_BPF_ARGUMENT` for what is no pattern
 *
 * @example
 * ```ts
 * const elf = Elf.parse(readFileSync('/lib/libc.so.6'), 'libc');
 * for (const { name, offset } of matchingFunctions(elf, 'pthread_mutex_*')) console.log(name, offset);
 * ```
 */
export function matchingFunctions(elf: Elf, pattern: string): ElfFunction[] {
  const operation = 'find functions';
  requireMethod(operation, elf, 'loadRange', 'give an Elf');
  requireText(operation, 'a pattern', pattern);
  const start = new TextEncoder().encode(pattern.replace(/[*?].*$/s, ''));
  const fitting = byteText(pattern);
  for (const type of ['symtab', 'dynsym'] as const) {
    const table = FunctionTable.of(elf, type);
    const begun = [...(table ?? [])].filter(symbol => table?.startsWith(symbol, start));
    const found = begun.filter(symbol => fits(table?.text(symbol) ?? '', fitting));
    const nameOf = (symbol: FunctionSymbol) => Buffer.from(table?.text(symbol) ?? '', 'latin1').toString();
    if (found.length > 0) return found.map(symbol => ({ name: nameOf(symbol), offset: symbol.offset }));
  }
  return [];
}

/** In time that is the product of the lengths at worst, which a regular expression does not promise. */
export function fits(name: string, pattern: string): boolean {
  let [n, p, star, mark] = [0, 0, -1, 0];
  while (n < name.length) {
    if (pattern[p] === '*') {
      [star, mark] = [p++, n];
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      [n, p] = [n + 1, p + 1];
    } else if (star >= 0) {
      [p, n] = [star + 1, ++mark];
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
