/** Values of the language, as they are printed. */

/** What prints as text: a name that was looked up, a time, an address. */
export class Named {
  readonly text: string;
  /** Of an address, which is a number too. */
  readonly address: bigint | undefined;

  constructor(text: string, address?: bigint) {
    this.text = text;
    this.address = address;
  }
}

/** An array of C, which prints in other brackets than a tuple. */
export class List {
  readonly items: readonly TraceValue[];

  constructor(items: readonly TraceValue[]) {
    this.items = items;
  }
}

/** A value of the language: numbers that may have 64 bits are bigint. */
export type TraceValue =
  | bigint
  | boolean
  | string
  | Uint8Array
  | Named
  | List
  | readonly TraceValue[]
  | { readonly [field: string]: TraceValue };
