// What libbpf's pinned source is corrected by: checks of numbers that it takes from a file as they are, and by which a
// damaged file ends the process. Each is a statement of ours that is put before a line, which is known by its number:
// the source is pinned by its hash. Two are no checks: one makes bpf_program__set_insns() forget what belongs to the
// instructions before, one takes the kernel's word for how long a log is (`log_true_size`, since Linux 6.4:
// bpf_vlog_finalize() in kernel/bpf/log.c). They are checked again at each upgrade, and are worth sending upstream.
// The library's own screening (lib/btf/screen) refuses such files too, so that a system's libbpf never sees them; the
// corrections are for what changes between two looks at a file.
//
// Not corrected, since it takes more than a check, and refused by the screening alone:
// - types that contain themselves: `skip_mods_and_typedefs()`, `find_kcfg_type()` and btf_dump follow them without end;
// - lists of structs: `btf_dedup_is_equiv()` takes a stack frame for each, and ninety thousand of them all of a thread's;
// - structs that hold others twice: `btf__align_of()` walks once for each path;
// - names compared with all others: `find_elf_var_sym()`, `find_extern_btf_id()`, `find_glob_sym()`;
// - records longer than 65,535 entries, which are read as shorter ones;
// - versions of symbols that point back: `elf_get_vername()` follows them in a circle.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `has`: a word of the line, so that a wrong number is noticed. `fault`: what happens without the correction.
 *
 * @typedef {{ file: string, line: number, has: string, fault: string, add: string }} Correction
 */

/** @type {readonly Correction[]} in the order of files and lines */
export const corrections = [
  {
    file: 'elf.c',
    line: 128,
    has: 'sh_entsize',
    fault: 'a symbol table whose entries have no size is divided by it: SIGFPE in attach_uprobe',
    add: 'if (sh.sh_entsize == 0) return -EINVAL;',
  },
  {
    file: 'libbpf.c',
    line: 1227,
    has: 'kern_member',
    fault: 'a member of a struct_ops table that lies outside it: a read anywhere in load',
    add: 'if ((__u64)moff + msize > type->size) return -EINVAL;',
  },
  {
    file: 'libbpf.c',
    line: 1473,
    has: 'd_size',
    fault: 'offset and size of a struct_ops variable overflow 32 bits: a read outside the section in open',
    add: 'if ((__u64)vsi->offset + type->size > data->d_size) return -EINVAL;',
  },
  {
    file: 'libbpf.c',
    line: 4446,
    has: 'pr_debug',
    fault: 'sizes of kconfig externs overflow an int: a write outside the map in load',
    add: 'if (ext->kcfg.data_off < 0 || off < ext->kcfg.data_off) return -E2BIG;',
  },
  {
    file: 'libbpf.c',
    line: 4583,
    has: 'sym_is_extern',
    fault: "a load of 64 bits in a program's last instruction: a write behind the program in load",
    add: 'if (is_ldimm64_insn(insn) && insn_idx + 1 >= prog->insns_cnt) return -LIBBPF_ERRNO__RELOC;',
  },
  {
    file: 'libbpf.c',
    line: 6288,
    has: 'jt_size',
    fault: 'offset and size of a jump table overflow 32 bits: a read outside the section in load',
    add: 'if (jt_size < 0 || (__u64)sym_off + jt_size > obj->jumptables_data_sz) { err = -EINVAL; goto err_close; }',
  },
  {
    file: 'libbpf.c',
    line: 7534,
    has: 'nr_maps',
    fault: 'the place of a relocation of .maps overflows 64 bits: gigabytes of slots in open',
    add: 'if (rel->r_offset + bpf_ptr_sz < rel->r_offset) return -EINVAL;',
  },
  {
    file: 'libbpf.c',
    line: 7940,
    has: 'ENOSPC',
    fault:
      'a program is verified again for each doubling of room for its log, of which the kernel has said the size',
    add: 'if (errno == ENOSPC && load_attr.log_true_size > log_buf_size) log_buf_size = load_attr.log_true_size / 2 + 1;',
  },
  {
    file: 'libbpf.c',
    line: 9663,
    has: 'insns = insns',
    fault: 'records of functions and lines outlive the instructions that set_insns replaces: EINVAL in load',
    add: 'prog->func_info_cnt = prog->line_info_cnt = 0;',
  },
  {
    file: 'libbpf.c',
    line: 10286,
    has: 'progs',
    fault: 'the last member of a struct_ops table has no room for a pointer: a write behind it in open',
    add: 'if ((__u64)moff + sizeof(prog) > type->size) return -EINVAL;',
  },
  {
    file: 'linker.c',
    line: 975,
    has: 'STT_SECTION',
    fault: 'a symbol of a section that is not there: a read outside the list of sections in add_file',
    add: 'if (sym_type == STT_SECTION && sym->st_shndx >= obj->sec_cnt) return -EINVAL;',
  },
  {
    file: 'linker.c',
    line: 1051,
    has: 'SHF_EXECINSTR',
    fault: 'a relocation outside its section: a write anywhere in add_file',
    add: 'if (link_sec->shdr->sh_type != SHT_PROGBITS || relo->r_offset >= link_sec->shdr->sh_size || link_sec->shdr->sh_size - relo->r_offset < 4) return -EINVAL;',
  },
  {
    file: 'linker.c',
    line: 1317,
    has: 'memcpy',
    fault: 'an empty section: memcpy from nowhere, which C leaves undefined',
    add: 'if (src->shdr->sh_size > 0)',
  },
  {
    file: 'usdt.c',
    line: 1224,
    has: 'provider',
    fault: 'arguments of a USDT probe without a NUL: a read outside the notes in attach_usdt',
    add: "if (!memchr(args, '\\0', data + len - args)) return -EINVAL;",
  },
];

/** Changes when a correction does. */
export const digest = createHash('sha256').update(JSON.stringify(corrections)).digest('hex');

/**
 * Corrects the source in `folder`, which is as upstream published it.
 *
 * @param {string} folder
 */
export function correct(folder) {
  for (const file of new Set(corrections.map(({ file }) => file))) {
    const path = join(folder, 'src', file);
    const lines = readFileSync(path, 'utf8').split('\n');
    for (const { line, has, add } of corrections.filter(each => each.file === file)) {
      if (!lines[line - 1]?.includes(has)) throw new Error(`line ${line} of ${file} does not have ${has}`);
      // On the same line, so that the numbers of those behind it stay.
      lines[line - 1] = `${add} ${lines[line - 1]?.trimStart()}`;
    }
    writeFileSync(path, lines.join('\n'));
  }
}
