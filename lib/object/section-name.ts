/**
 * Which of libbpf's maps is behind a section of variables: libbpf tells their names alone, cut to what the kernel takes
 * (internal_map_name() in libbpf.c).
 */

/** `BPF_OBJ_NAME_LEN` without its NUL. */
const most = 15;

/**
 * Maps by section, without its dot. Sections and maps are in the order of the file, which tells those apart whose names
 * are cut to the same; what no section has keeps its own name.
 *
 * @param object - libbpf's name of it
 */
export function sectionsOf<Map>(
  object: string,
  sections: readonly string[],
  maps: readonly (readonly [name: string, map: Map])[],
): [section: string, map: Map][] {
  const left = [...sections];
  return maps.map(([name, map]) => {
    const at = left.findIndex(section => mapNameOf(object, `.${section}`) === name);
    return [at < 0 ? name : (left.splice(at, 1)[0] as string), map];
  });
}

/**
 * The name that bpf_map__name() in libbpf.c gives: `.data.x` and `.rodata.x` whole; others are cut, behind the
 * beginning of the object's name where they have one dot (internal_map_name() in libbpf.c).
 */
function mapNameOf(object: string, section: string): string {
  if (/^\.(ro)?data\./.test(section)) return section;
  const own = Buffer.from(section);
  const room = Math.min(Math.max(7, own.length), most);
  const prefix = section.includes('.', 1)
    ? ''
    : Buffer.from(object)
        .subarray(0, most)
        .subarray(0, most - room);
  const bytes = Buffer.concat([Buffer.from(prefix), own.subarray(0, room)]);
  return bytes.toString('latin1').replace(/[^A-Za-z0-9_.]/g, '_');
}
