/** The contract of every codec: how one C type is read from and written to bytes. */

/**
 * Reads and writes one C type, in the byte order it was made for.
 *
 * @typeParam T - what JavaScript sees: `number`, `bigint`, `string`, `Uint8Array`, an object, an array.
 */
export interface Codec<T> {
  /** The C type, as `struct event` or `unsigned int`. */
  readonly type: string;
  /** Size in bytes; of a struct that ends in a flexible array, without that tail. */
  readonly size: number;
  /**
   * Bytes that a record has at least, where those are fewer: a flexible array may begin before the padding at the end of
   * its struct, and have no element.
   */
  readonly least?: number;
  /** True when a record may be longer than `size` because its last member is a flexible array. */
  readonly flexible: boolean;
  /**
   * Reads the value that starts at `offset`. A flexible tail takes what is left up to `end`.
   *
   * @throws BpfError `ERR_BPF_RECORD` when `end - offset` is less than `least` or `size`.
   */
  read(view: DataView, offset: number, end: number): T;
  /**
   * Writes `value` at `offset`, padding as zero.
   *
   * @throws BpfError `ERR_BPF_VALUE` that names the member, what it takes and what it got; nothing before it is undone.
   */
  write(view: DataView, offset: number, value: T): void;
}

/** Bytes that a record has at least. */
export function leastOf({ least, size }: Pick<Codec<unknown>, 'least' | 'size'>): number {
  return least ?? size;
}

/** The JavaScript type of a codec's values. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;
