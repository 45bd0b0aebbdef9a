/** The kernel's functions, read again when modules or BPF programs may have come or gone. */
import type { FoundSymbol } from './found-symbol.js';
import { KernelSymbols } from './kernel-symbols.js';

/** A reading serves this long for what comes and goes: modules, BPF programs; in milliseconds. */
const freshFor = 1000;

/** Finds the function that has an address. */
export type FindKernelSymbol = (address: bigint) => FoundSymbol | undefined;

/** The last reading of the kernel's list. */
export class KernelAddresses {
  #symbols: Promise<KernelSymbols> | undefined;
  #readAt = 0;

  /** A search over the last reading, or over a new one where that may miss one of these addresses. */
  async reader(addresses: readonly bigint[]): Promise<FindKernelSymbol> {
    const symbols = await this.#symbols?.catch(() => undefined);
    const isKnown = symbols && (this.#isFresh() || addresses.every(each => isCore(symbols.find(each))));
    const chosen = isKnown ? symbols : await this.#read();
    return address => chosen.find(address);
  }

  #isFresh(): boolean {
    return performance.now() - this.#readAt < freshFor;
  }

  #read(): Promise<KernelSymbols> {
    this.#readAt = performance.now();
    this.#symbols = KernelSymbols.read();
    return this.#symbols;
  }
}

/** The kernel's own functions stay where they are until it ends. */
function isCore(symbol: FoundSymbol | undefined): boolean {
  return symbol?.module === '[kernel]';
}
