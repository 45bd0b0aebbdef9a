/** A function that has an address, as a table of symbols names it. */
export interface FoundSymbol {
  /** As the table has it: mangled. */
  readonly name: string;
  /** What the function is of: a kernel module as `[kernel]`, `[bpf]`; none where the caller knows. */
  readonly module?: string | undefined;
  /** From the function's start, in bytes. */
  readonly offset: number;
}
