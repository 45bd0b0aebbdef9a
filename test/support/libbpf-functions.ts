/** Where each function of libbpf is in this library, or why it is not: docs/libbpf.md is printed from this table. */

/** Names as `bpf_link__{pin, unpin}`, and what stands for them. */
type Row = readonly [names: string, here: string];

export interface Area {
  readonly title: string;
  readonly rows: readonly Row[];
}

const superseded = (by: string) => `none: libbpf itself replaced it by \`${by}\``;
const typed = 'none: generated modules and `skeleton()` are the skeleton';
const readByUs =
  'none: BTF is read and written in TypeScript, without libbpf, so that it works on every system and survives hostile files';

export const areas: readonly Area[] = [
  {
    title: 'Version, log, errors, names',
    rows: [
      ['libbpf_{major_version, minor_version, version_string}', '`libbpfVersion()`'],
      [
        'libbpf_set_print',
        '`onLibbpfLog()`; `BpfError.log` and `LoadedObject.log` have what libbpf wrote while the call ran',
      ],
      ['libbpf_strerror', '`BpfError.code` and its message'],
      [
        'libbpf_bpf_{attach_type_str, link_type_str, map_type_str, prog_type_str}',
        'words stand for numbers everywhere: `MapInfo.kind`, `ProgramInfo.type`, `LinkInfo`',
      ],
      [
        'libbpf_{attach_type_by_name, prog_type_by_name}',
        '`OpenProgram.attachType` and `OpenProgram.setType()` take words',
      ],
      ['libbpf_find_vmlinux_btf_id', '`Btf.find()` of `kernelBtf()`'],
      ['libbpf_num_possible_cpus', '`PerCpuArray.cpus`'],
      ['libbpf_set_memlock_rlim', 'none: libbpf raises the limit by itself where the kernel still counts it'],
      ['libbpf_get_error', 'none: every failed call throws a `BpfError`'],
      ['libbpf_set_strict_mode', 'none: it does nothing since libbpf 1.0'],
      ['libbpf_find_kernel_btf', superseded('btf__load_vmlinux_btf')],
      [
        'libbpf_{register_prog_handler, unregister_prog_handler}',
        'none: sections of your own are for C, where one process has one libbpf',
      ],
    ],
  },
  {
    title: 'Probing the kernel',
    rows: [
      ['libbpf_{probe_bpf_prog_type, probe_bpf_map_type}', '`features()`'],
      ['libbpf_probe_bpf_helper', '`probeHelper()`; `probeKfunc()` for functions of the kernel'],
    ],
  },
  {
    title: 'Objects',
    rows: [
      ['bpf_object__{open_file, open_mem}', '`open()` and `openSync()`, of a path, a URL or bytes'],
      ['bpf_object__{load, prepare}', '`OpenObject.load()` and `OpenObject.loadSync()`'],
      ['bpf_object__close', '`LoadedObject.close()`, or `await using`'],
      ['bpf_object__name', '`LoadedObject.name`'],
      [
        'bpf_object__{btf, btf_fd}',
        '`describeObject()` has the types of an object; `openBtf()` those in the kernel',
      ],
      ['bpf_object__{find_program_by_name, next_program, prev_program}', '`LoadedObject.programs`'],
      ['bpf_object__{find_map_by_name, next_map, prev_map, find_map_fd_by_name}', '`LoadedObject.maps`'],
      ['bpf_object__token_fd', '`OpenOptions.token`'],
      ['bpf_object__{kversion, set_kversion}', 'none: kernels since 5.0 ignore the version of programs'],
      [
        'bpf_object__gen_loader',
        'none: programs that load themselves are for kernels without a process to ask; addons can be loaded',
      ],
      ['bpf_object__open', superseded('bpf_object__open_file')],
      ['bpf_object__{pin, pin_maps, pin_programs}', '`LoadedObject.pin()`; `OpeningOptions.pinRootPath`'],
      ['bpf_object__{unpin, unpin_maps, unpin_programs}', '`LoadedObject.unpin()`'],
      [
        'bpf_object__{open_skeleton, load_skeleton, attach_skeleton, detach_skeleton, destroy_skeleton, open_subskeleton, destroy_subskeleton}',
        typed,
      ],
      ['bpf_linker__{new, new_fd, add_file, add_buf, add_fd, finalize, free}', '`linkObjects()`'],
    ],
  },
  {
    title: 'Programs',
    rows: [
      ['bpf_program__name', 'the key in `LoadedObject.programs`'],
      ['bpf_program__section_name', '`OpenProgram.section`'],
      ['bpf_program__fd', '`Program.fd`'],
      ['bpf_program__{type, get_type}', '`Program.info`'],
      ['bpf_program__{expected_attach_type, get_expected_attach_type}', '`OpenProgram.attachType`'],
      ['bpf_program__flags', '`OpenProgram.flags`'],
      ['bpf_program__{insns, insn_cnt}', '`dumpProgram()` of what is loaded; `decodeInsns()` of a file'],
      [
        'bpf_program__{func_info, func_info_cnt, line_info, line_info_cnt}',
        '`Btf.ext`; `VerifierError.diagnosis` and `dumpProgram()` have the source lines',
      ],
      ['bpf_program__{autoload, set_autoload}', '`OpenProgram.autoload`'],
      ['bpf_program__{autoattach, set_autoattach}', '`OpenProgram.autoattach`'],
      ['bpf_program__{log_level, set_log_level}', '`OpenProgram.verifierLog`'],
      [
        'bpf_program__{log_buf, set_log_buf}',
        'none: libbpf makes room until the whole log fits; `Program.verification` and `VerifierError.verifierLog` have it',
      ],
      ['bpf_program__set_type', '`OpenProgram.setType()`'],
      ['bpf_program__set_expected_attach_type', '`OpenProgram.attachType`'],
      ['bpf_program__set_attach_target', '`OpenProgram.setAttachTarget()`'],
      ['bpf_program__set_flags', '`OpenProgram.flags`'],
      ['bpf_program__set_ifindex', '`OpenProgram.setInterface()`'],
      ['bpf_program__assoc_struct_ops', '`Program.assocStructOps()`'],
      ['bpf_program__{pin, unpin}', '`Program.pin()` and `Program.unpin()`'],
      ['bpf_program__unload', 'none: closing the object unloads it'],
      ['bpf_program__set_insns', '`OpenProgram.setInsns()`'],
    ],
  },
  {
    title: 'Attaching',
    rows: [
      [
        'bpf_program__{attach, attach_kprobe_opts, attach_kprobe_multi_opts, attach_ksyscall, attach_uprobe_opts, attach_uprobe_multi, attach_usdt, attach_tracepoint_opts, attach_raw_tracepoint_opts, attach_trace_opts, attach_perf_event_opts, attach_lsm, attach_freplace, attach_iter, attach_xdp, attach_tcx, attach_netkit, attach_netfilter, attach_netns, attach_cgroup_opts, attach_sockmap}',
        '`Program.attach()`: the section says which; `LoadedObject.attach()` for all',
      ],
      ['bpf_program__attach_kprobe', superseded('bpf_program__attach_kprobe_opts')],
      ['bpf_program__attach_uprobe', superseded('bpf_program__attach_uprobe_opts')],
      ['bpf_program__attach_tracepoint', superseded('bpf_program__attach_tracepoint_opts')],
      ['bpf_program__attach_raw_tracepoint', superseded('bpf_program__attach_raw_tracepoint_opts')],
      ['bpf_program__attach_trace', superseded('bpf_program__attach_trace_opts')],
      ['bpf_program__attach_perf_event', superseded('bpf_program__attach_perf_event_opts')],
      ['bpf_program__attach_cgroup', superseded('bpf_program__attach_cgroup_opts')],
      ['bpf_map__attach_struct_ops', '`StructOpsMap.attach()`'],
      ['bpf_xdp_{attach, detach}', "`Program.attach()` with `via: 'netlink'`"],
      ['bpf_xdp_{query, query_id}', '`queryHook()`'],
      ['bpf_tc_{hook_create, hook_destroy, attach, detach}', '`Program.attach()` of `SEC("classifier")`'],
      ['bpf_tc_query', '`queryHook()`; `hooks()` lists all'],
    ],
  },
  {
    title: 'Links',
    rows: [
      ['bpf_link__fd', '`Link.fd`'],
      ['bpf_link__{pin, unpin, pin_path}', '`Link.pin()`, `Link.unpin()`, `Link.pinPath`'],
      ['bpf_link__open', '`openLink()`'],
      ['bpf_link__{detach, destroy}', '`Link.detach()` and `Link.close()`'],
      ['bpf_link__disconnect', '`Link.disconnect()`'],
      ['bpf_link__{update_program, update_map}', '`Link.update()`'],
      ['bpf_link_{create, update, detach}', '`Program.attach()`, `Link.update()`, `Link.detach()`'],
      ['bpf_link_get_info_by_fd', '`Link.info`'],
      ['bpf_link_get_next_id', '`links()`'],
      ['bpf_link_{get_fd_by_id, get_fd_by_id_opts}', '`openLink()`'],
      ['bpf_iter_create', '`IterLink.lines()` and `IterLink.text()`'],
    ],
  },
  {
    title: 'Maps of an object',
    rows: [
      ['bpf_map__name', '`MapBase.name`'],
      ['bpf_map__fd', '`MapBase.fd`'],
      ['bpf_map__{type, set_type}', '`MapBase.kind`, `OpenMap.setKind()`'],
      ['bpf_map__{key_size, value_size}', '`MapBase.keySize`, `MapBase.valueSize`'],
      [
        'bpf_map__{set_key_size, set_value_size}',
        '`OpenMap.keySize` and `OpenMap.valueSize`, where no type says them',
      ],
      ['bpf_map__{max_entries, set_max_entries}', '`MapBase.maxEntries`, `OpenMap.maxEntries`'],
      ['bpf_map__{map_flags, set_map_flags}', '`OpenMap.flags`'],
      ['bpf_map__{map_extra, set_map_extra}', '`MapInfo.extra`, `OpenMap.setExtra()`'],
      ['bpf_map__{numa_node, set_numa_node}', '`OpenMap.numaNode`'],
      ['bpf_map__{ifindex, set_ifindex}', '`OpenMap.setInterface()`'],
      ['bpf_map__{btf_key_type_id, btf_value_type_id}', '`MapInfo.keyTypeId`, `MapInfo.valueTypeId`'],
      ['bpf_map__is_internal', 'none: sections of variables are `LoadedObject.globals`'],
      ['bpf_map__{autocreate, set_autocreate}', '`OpenMap.autocreate`'],
      [
        'bpf_map__{autoattach, set_autoattach}',
        '`OpenMap.autoattach`: `LoadedObject.attach()` attaches tables of struct_ops too',
      ],
      ['bpf_map__{initial_value, set_initial_value}', '`OpenObject.globals` and `OpenObject.assign()`'],
      ['bpf_map__{inner_map, set_inner_map_fd}', '`OpenMap.setTemplate()`'],
      ['bpf_map__{is_pinned, pin_path, get_pin_path, set_pin_path}', '`MapBase.pinPath`, `OpenMap.pinTo()`'],
      ['bpf_map__{pin, unpin}', '`MapBase.pin()` and `MapBase.unpin()`'],
      ['bpf_map__reuse_fd', '`OpenMap.reuse()`'],
      ['bpf_map__{exclusive_program, set_exclusive_program}', '`OpenMap.setExclusiveProgram()`'],
      ['bpf_map__{lookup_elem, update_elem}', '`KeyValueMap.get()` and `KeyValueMap.set()`'],
      ['bpf_map__{delete_elem, lookup_and_delete_elem}', '`RemovableMap.delete()` and `RemovableMap.take()`'],
      ['bpf_map__get_next_key', '`KeyValueMap.next()`'],
    ],
  },
  {
    title: 'Maps by their descriptor',
    rows: [
      ['bpf_map_create', '`createMap()`'],
      ['bpf_map_{lookup_elem, lookup_elem_flags}', '`KeyValueMap.get()`'],
      ['bpf_map_update_elem', '`KeyValueMap.set()`'],
      ['bpf_map_{delete_elem, delete_elem_flags}', '`RemovableMap.delete()`'],
      [
        'bpf_map_{lookup_and_delete_elem, lookup_and_delete_elem_flags}',
        '`RemovableMap.take()`, `QueueMap.pop()`',
      ],
      ['bpf_map_get_next_key', '`KeyValueMap.keys()`'],
      ['bpf_map_lookup_batch', '`KeyValueMap.snapshot()` and `KeyValueMap.getBatch()`'],
      ['bpf_map_lookup_and_delete_batch', '`RemovableMap.takeAll()`'],
      ['bpf_map_{update_batch, delete_batch}', '`KeyValueMap.setBatch()` and `RemovableMap.deleteBatch()`'],
      ['bpf_map_freeze', '`MapBase.freeze()`'],
      ['bpf_map_get_info_by_fd', '`MapBase.info`'],
      ['bpf_map_get_next_id', '`maps()`'],
      ['bpf_map_{get_fd_by_id, get_fd_by_id_opts}', '`openMap()`'],
    ],
  },
  {
    title: 'Programs by their descriptor',
    rows: [
      ['bpf_prog_load', '`assembled()` and its load'],
      ['bpf_prog_test_run_opts', '`Program.testRun()` and `Program.testRunSync()`'],
      ['bpf_prog_get_info_by_fd', '`Program.info`'],
      ['bpf_prog_get_next_id', '`programs()`'],
      ['bpf_prog_{get_fd_by_id, get_fd_by_id_opts}', '`openProgram()`'],
      ['bpf_prog_query_opts', '`queryHook()`'],
      [
        'bpf_prog_{attach_opts, detach_opts}',
        '`Program.attach()` where the kernel has no link; `Link.detach()`',
      ],
      ['bpf_prog_bind_map', 'none: an object keeps its maps, and a pin keeps a map'],
      ['bpf_prog_stream_read', '`Program.stdout` and `Program.stderr`'],
      ['bpf_prog_assoc_struct_ops', '`Program.assocStructOps()`'],
      ['bpf_{raw_tracepoint_open_opts, raw_tracepoint_open}', '`Program.attach()` of `SEC("raw_tp")`'],
      ['bpf_task_fd_query', '`holders()`'],
      ['bpf_prog_{attach, detach, detach2}', superseded('bpf_prog_attach_opts')],
      ['bpf_prog_query', superseded('bpf_prog_query_opts')],
      ['bpf_prog_linfo__{new, free, lfind, lfind_addr_func}', '`dumpProgram()` has the lines'],
    ],
  },
  {
    title: 'Pins, tokens, statistics',
    rows: [
      ['bpf_obj_{pin_opts, pin}', '`MapBase.pin()`, `Program.pin()` and `Link.pin()`'],
      ['bpf_obj_{get_opts, get}', '`openMap()`, `openProgram()` and `openLink()`'],
      ['bpf_obj_get_info_by_fd', '`MapBase.info`, `Program.info`, `Link.info`'],
      ['bpf_enable_stats', '`enableStats()`'],
      ['bpf_token_create', '`OpenOptions.token`'],
    ],
  },
  {
    title: 'Ring and perf buffers',
    rows: [
      [
        'ring_buffer__{new, add, free, poll, consume, consume_n, epoll_fd, ring}',
        '`RingBuffer`: `for await`, `RingBuffer.batches()`, `RingBuffer.on()`, `RingBuffer.drain()`; all rings of a process share one watcher',
      ],
      [
        'ring__{consume, consume_n, size, avail_data_size, consumer_pos, producer_pos}',
        '`RingBuffer.drain()` and `RingBuffer.stats()`',
      ],
      ['ring__map_fd', '`RingBuffer.fd`'],
      ['user_ring_buffer__{new, free}', '`UserRingBuffer`'],
      ['user_ring_buffer__reserve', '`UserRingBuffer.reserve()`'],
      ['user_ring_buffer__reserve_blocking', '`UserRingBuffer.reserveBlocking()`, which blocks no thread'],
      ['user_ring_buffer__{submit, discard}', '`Reservation.submit()` and `Reservation.discard()`'],
      [
        'perf_buffer__{new, new_raw, free, poll, consume, consume_buffer, epoll_fd, buffer_cnt, buffer_fd, buffer}',
        '`PerfEventArray.open()` and `PerfBuffer`',
      ],
    ],
  },
  {
    title: 'BTF: load and read',
    rows: [
      ['btf__{parse, parse_elf, parse_raw, new}', '`Btf.parse()`'],
      ['btf__{parse_split, parse_elf_split, parse_raw_split, new_split}', '`Btf.parse()` with a base'],
      ['btf__{load_vmlinux_btf, load_module_btf}', '`kernelBtf()`'],
      ['btf__{load_from_kernel_by_id, load_from_kernel_by_id_split}', '`openBtf()`'],
      ['btf__{type_cnt, type_by_id}', '`Btf.count` and `Btf.type()`'],
      ['btf__{name_by_offset, str_by_offset}', '`Btf.name()`'],
      ['btf__{find_by_name, find_by_name_kind}', '`Btf.find()` and `Btf.get()`'],
      ['btf__base_btf', '`Btf.base`'],
      ['btf__pointer_size', '`Btf.pointerSize`'],
      ['btf__endianness', '`Btf.littleEndian`'],
      ['btf__{resolve_size, align_of, resolve_type}', '`Btf.sizeOf()`, `Btf.alignOf()`, `Btf.resolve()`'],
      ['btf__{set_pointer_size, set_endianness, fd, set_fd, free}', readByUs],
      ['btf__{raw_data, get_raw_data}', '`BtfBuilder.bytes()`, or what `Btf.parse()` was given'],
      [
        'btf_dump__{new, free, dump_type, emit_type_decl}',
        '`Btf.toC()`, `CType.toLayout()`; `vmlinuxHeader()` for all',
      ],
      ['btf_dump__dump_type_data', '`CValue.toString()`'],
    ],
  },
  {
    title: 'BTF: write',
    rows: [
      ['btf__{new_empty, new_empty_split}', '`BtfBuilder`'],
      [
        'btf__{add_int, add_float, add_ptr, add_array, add_struct, add_union, add_field, add_enum, add_enum_value, add_enum64, add_enum64_value, add_fwd, add_typedef, add_volatile, add_const, add_restrict, add_type_tag, add_type_attr, add_func, add_func_proto, add_func_param, add_var, add_datasec, add_datasec_var_info, add_decl_tag, add_decl_attr}',
        '`BtfBuilder.add()`, a type with its members at once',
      ],
      [
        'btf__{add_type, add_btf}',
        '`BtfBuilder.addAll()`; `minimalBtf()` writes what objects need of a kernel',
      ],
      ['btf__{add_str, find_str}', 'none: names are written with their types'],
      ['btf__{dedup, permute}', 'none: compilers and pahole write each type once, in an order of their own'],
      ['btf__distill_base', 'none: pahole does it while a module is built (`--btf_features=distilled_base`)'],
      [
        'btf__relocate',
        '`Btf.fromBytes()` of a module with a base of its own, and the types of a kernel as its base',
      ],
      ['btf__load_into_kernel', '`CreateMapOptions.btf`; loading an object does it'],
      ['btf_ext__{new, free, raw_data, get_raw_data, endianness, set_endianness}', '`Btf.ext`'],
      ['bpf_btf_load', '`CreateMapOptions.btf`; loading an object does it'],
      ['bpf_btf_get_next_id', '`btfs()`'],
      ['bpf_btf_{get_fd_by_id, get_fd_by_id_opts, get_info_by_fd}', '`openBtf()`'],
    ],
  },
];

/** The names of a row, one by one. */
export function namesOf(names: string): string[] {
  const [, before = '', inner, after = ''] = names.match(/^(\w*)(?:\{([^}]*)\})?(\w*)$/) ?? [];
  if (inner === undefined) return [before];
  return inner.split(', ').map(name => `${before}${name}${after}`);
}

/** The page, with a line for each function. */
export function pageOfFunctions(version: string): string {
  const line = (name: string, here: string) => `| \`${name}\` | ${here} |`;
  const section = ({ title, rows }: Area) => {
    const lines = rows.flatMap(([names, here]) => namesOf(names).map(name => line(name, here)));
    return [`## ${title}`, '', '| libbpf | here |', '|---|---|', ...lines].join('\n');
  };
  const head = `---
title: libbpf's functions
group: Reference
---

# libbpf's functions, and where they are here

Each function that libbpf ${version} exports, what does its work in libbpf-ts, and why where nothing does. A test compares the list with
libbpf's own.
`;
  return `${[head, ...areas.map(section)].join('\n')}\n`.replaceAll('|---|---|\n|', '|---|---|\n|');
}
