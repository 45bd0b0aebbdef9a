/** The bytes of a data section that are copied for each use: libbpf's own memory, or element 0 of the section's map. */
import { errnoName } from '../native/errno.js';
import { type MapHandle, native, type Status } from '../native/native.js';

/** Copies from and to a section. */
export interface SectionBytes {
  read(offset: number, out: Uint8Array): Status;
  write(offset: number, bytes: Uint8Array): Status;
}

/**
 * `BPF_F_RDONLY_PROG`: libbpf freezes such a section at load (bpf_object__populate_internal_map() in libbpf.c), and
 * it cannot be changed after that.
 */
const readOnlyForPrograms = 0x80;

/** True for `.rodata` and `.kconfig`. */
export function isConstant(map: MapHandle): boolean {
  return (native().mapFlags(map) & readOnlyForPrograms) !== 0;
}

/**
 * The bytes as libbpf mapped them: the initial values before load, the map's memory after it
 * (bpf_map__initial_value() in libbpf.c).
 */
function mappedBytes(map: MapHandle): SectionBytes {
  return {
    read: (offset, out) => native().mapReadValue(map, offset, out),
    write: (offset, bytes) => native().mapWriteValue(map, offset, bytes),
  };
}

/**
 * The bytes of a loaded section. Where all variables are static, libbpf asks for no `BPF_F_MMAPABLE` and drops its
 * own memory (map_is_mmapable() and bpf_object__populate_internal_map() in libbpf.c): then they are had as the map's
 * element.
 */
export function loadedBytes(map: MapHandle): SectionBytes {
  const isMapped = errnoName(native().mapSectionSize(map)) !== 'EOPNOTSUPP';
  return isMapped ? mappedBytes(map) : elementBytes(map);
}

function elementBytes(map: MapHandle): SectionBytes {
  const key = new Uint8Array(4);
  const element = new Uint8Array(native().mapValueSize(map));
  const lookUp = () => native().mapLookupElem(map, key, element, 0);
  return {
    read(offset, out) {
      const status = lookUp();
      if (status === 0) out.set(element.subarray(offset, offset + out.length));
      return status;
    },
    write(offset, bytes) {
      const status = lookUp();
      if (status !== 0) return status;
      element.set(bytes, offset);
      return native().mapUpdateElem(map, key, element, 0);
    },
  };
}
