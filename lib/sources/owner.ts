/** Whose doings are summed up. */
import { BpfError } from '../errors/bpf-error.js';
import type { BpfMap } from '../index.js';

/** What an owner is, as `enum owner_kind` of sums.bpf.h numbers it. */
export const ownerKinds = { host: 1n, process: 2n, cgroup: 4n } as const;

/** The whole machine, a process with all its threads, or a cgroup with all below it. */
export interface Owner {
  readonly kind: keyof typeof ownerKinds;
  /** The kernel's number of the process or cgroup; 0 for the host. */
  readonly id: bigint;
  /** Of a cgroup, where it is looked for: 0 in the second version's hierarchy, else the controller's number and one. */
  readonly hierarchy?: number;
}

/** A slot is a `__u16` of sums.bpf.h, and 0 is none. */
const mostNumbers = 0xffff;

/** The map `owners`. */
export type OwnerMap = BpfMap<{ id: bigint; kind: bigint }, number>;

interface Slot {
  readonly owner: Owner;
  readonly number: number;
  users: number;
}

/** Slots of a source, by owner: two observers of one owner share it. */
export class Owners {
  readonly #slots = new Map<string, Slot>();
  #last = 0;

  /** The owner's slot, and whether others observe it too. */
  join(owner: Owner): { readonly number: number; readonly isShared: boolean } {
    const name = nameOf(owner);
    const known = this.#slots.get(name);
    const slot = known ?? { owner, number: this.#nextNumber(), users: 0 };
    slot.users++;
    this.#slots.set(name, slot);
    return { number: slot.number, isShared: known !== undefined };
  }

  /** A number is not used again: what an owner that has gone left in maps is not another's. */
  #nextNumber(): number {
    if (this.#last === mostNumbers) throw tooMany();
    return ++this.#last;
  }

  /** Takes one observer from an owner; true where none is left. */
  leave(owner: Owner): boolean {
    const slot = this.#slots.get(nameOf(owner));
    if (slot === undefined || --slot.users > 0) return false;
    this.#slots.delete(nameOf(owner));
    return true;
  }

  /** Whether a slot is an owner's. */
  has(number: number): boolean {
    return [...this.#slots.values()].some(slot => slot.number === number);
  }

  /** Which kinds there are, as bits. */
  get kinds(): number {
    return [...this.#slots.values()].reduce((all, { owner }) => all | Number(ownerKinds[owner.kind]), 0);
  }

  /** Where cgroups are looked for; undefined where none is. */
  get hierarchy(): number | undefined {
    return [...this.#slots.values()].find(({ owner }) => owner.kind === 'cgroup')?.owner.hierarchy;
  }
}

function nameOf({ kind, id }: Owner): string {
  return `${kind} ${id}`;
}

function tooMany(): BpfError {
  return new BpfError({
    code: 'ENOSPC',
    operation: 'observe the kernel',
    reason: `${mostNumbers} owners were observed since the first of those that are`,
    hint: 'keep observers of what is observed again, or close all of them at once',
  });
}
