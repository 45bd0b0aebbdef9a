// libbpf's option structs. It tells their versions apart by `sz` and refuses one with a byte that is not zero
// behind the last field that it knows (libbpf_validate_opts in libbpf_internal.h), so the padding at a
// struct's end must be zero, which neither `= {}` nor a copy promises. `sz` therefore ends with the last
// field, as libbpf's own
// `<type>__last_field` names it: padding is never looked at.
#pragma once

#include <bpf.h>
#include <libbpf.h>

#include <cstddef>
#include <cstring>

// Where the last field of a struct ends. There is no general answer: a struct that is not listed does not
// compile.
template <class T>
struct OptionsEnd;

#define OPTIONS_OF_LIBBPF(type)                                                                          \
  template <>                                                                                            \
  struct OptionsEnd<struct type> {                                                                       \
    static constexpr size_t value =                                                                      \
        offsetof(struct type, type##__last_field) + sizeof(((struct type*)nullptr)->type##__last_field); \
    static_assert(value <= sizeof(struct type), "a field ends within its struct");                       \
  }

OPTIONS_OF_LIBBPF(bpf_btf_load_opts);
OPTIONS_OF_LIBBPF(bpf_get_fd_by_id_opts);
OPTIONS_OF_LIBBPF(bpf_iter_attach_opts);
OPTIONS_OF_LIBBPF(bpf_kprobe_multi_opts);
OPTIONS_OF_LIBBPF(bpf_kprobe_opts);
OPTIONS_OF_LIBBPF(bpf_ksyscall_opts);
OPTIONS_OF_LIBBPF(bpf_link_create_opts);
OPTIONS_OF_LIBBPF(bpf_link_update_opts);
OPTIONS_OF_LIBBPF(bpf_map_batch_opts);
OPTIONS_OF_LIBBPF(bpf_map_create_opts);
OPTIONS_OF_LIBBPF(bpf_obj_get_opts);
OPTIONS_OF_LIBBPF(bpf_object_open_opts);
OPTIONS_OF_LIBBPF(bpf_perf_event_opts);
OPTIONS_OF_LIBBPF(bpf_prog_attach_opts);
OPTIONS_OF_LIBBPF(bpf_prog_load_opts);
OPTIONS_OF_LIBBPF(bpf_prog_query_opts);
OPTIONS_OF_LIBBPF(bpf_raw_tp_opts);
OPTIONS_OF_LIBBPF(bpf_raw_tracepoint_opts);
OPTIONS_OF_LIBBPF(bpf_tc_hook);
OPTIONS_OF_LIBBPF(bpf_tc_opts);
OPTIONS_OF_LIBBPF(bpf_test_run_opts);
OPTIONS_OF_LIBBPF(bpf_trace_opts);
OPTIONS_OF_LIBBPF(bpf_tracepoint_opts);
OPTIONS_OF_LIBBPF(bpf_uprobe_multi_opts);
OPTIONS_OF_LIBBPF(bpf_uprobe_opts);
OPTIONS_OF_LIBBPF(bpf_usdt_opts);
OPTIONS_OF_LIBBPF(bpf_xdp_attach_opts);

#undef OPTIONS_OF_LIBBPF

template <class T>
T Options() {
  T options;
  memset(&options, 0, sizeof(options));
  options.sz = OptionsEnd<T>::value;
  return options;
}
