/** Modules of BPF programs that were compiled for this processor. */

/** The one that was made of `name.bpf.c`. */
export function built<Module>(name: string): Promise<Module> {
  return import(`${process.env.BPF_MODULES}/${name}.bpf.ts`);
}
