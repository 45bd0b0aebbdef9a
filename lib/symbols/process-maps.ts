/** What a process has mapped, as `/proc/PID/maps` says. */

/** One mapping. */
export interface Mapping {
  /** Its addresses are below 2^63: of the half of the address space that processes have. */
  readonly start: bigint;
  readonly end: bigint;
  readonly isExecutable: boolean;
  /** Where in the file it begins, in bytes. */
  readonly offset: bigint;
  /** The file by its device, `fe:00`, and inode (proc_pid_maps(5)); inode `0` where there is no file. */
  readonly device: string;
  readonly inode: string;
  /** A path, a name in brackets as `[vdso]`, or empty. */
  readonly path: string;
  /** True where the file was removed or replaced since. */
  readonly isDeleted: boolean;
}

const line = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) (\S+) (\d+) *(.*)$/;
const deletedMark = ' (deleted)';

/** Reads such a text; a line that is none of a mapping is left out. */
export function parseMaps(text: string): Mapping[] {
  return text.split('\n').flatMap(each => {
    const found = line.exec(each);
    return found ? [mappingOf(found)] : [];
  });
}

function mappingOf([, start, end, permissions = '', offset, device = '', inode = '', name = '']: string[]) {
  const isDeleted = name.endsWith(deletedMark);
  return {
    start: BigInt(`0x${start}`),
    end: BigInt(`0x${end}`),
    isExecutable: permissions[2] === 'x',
    offset: BigInt(`0x${offset}`),
    device,
    inode,
    path: unescapePath(isDeleted ? name.slice(0, -deletedMark.length) : name),
    isDeleted,
  };
}

/** The kernel writes a newline in a path as `\012`, and nothing else so (fs/proc/task_mmu.c: show_map_vma()). */
function unescapePath(path: string): string {
  return path.replaceAll('\\012', '\n');
}

/** The mapping that has an address, of mappings in the kernel's order: by address. */
export function findMapping(mappings: readonly Mapping[], address: bigint): Mapping | undefined {
  let [low, high] = [0, mappings.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((mappings[middle] as Mapping).end <= address) low = middle + 1;
    else high = middle;
  }
  const found = mappings[low];
  return found && found.start <= address ? found : undefined;
}
