// What a C program on libbpf attaches: each program of an object by itself, in the way that its section
// means.
//
// usage: loader OBJECT CGROUP PROGRAM...
// Prints a line for each: its name, how far it came (`open`, `load`, `attach` or `attached`), and the errno.
// Interfaces are `cable` and `kit`, in the network namespace that it runs in.
#include <bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <libbpf.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sdt.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

__attribute__((noinline)) int target(int value) {
  DTRACE_PROBE1(shop, sold, value);
  return value + 1;
}

static const char* binary = "/proc/self/exe";
static int cgroup;
static struct bpf_object* object;

// The link, or null with errno set; `done` for what has no link.
static struct bpf_link* const done = (struct bpf_link*)1;

static struct bpf_link* settled(int status) {
  if (status >= 0) return done;
  errno = -status;
  return NULL;
}

static int starts(const char* text, const char* beginning) {
  return strncmp(text, beginning, strlen(beginning)) == 0;
}

static struct bpf_link* uprobe_multi(struct bpf_program* program, const char* section) {
  const char* names[] = {"target"};
  LIBBPF_OPTS(bpf_uprobe_multi_opts, options, .syms = names, .cnt = 1, .retprobe = starts(section, "uret"),
              .session = starts(section, "uprobe.session"));
  return bpf_program__attach_uprobe_multi(program, -1, binary, NULL, &options);
}

static struct bpf_link* uprobe(struct bpf_program* program, const char* section) {
  LIBBPF_OPTS(bpf_uprobe_opts, options, .func_name = "target", .retprobe = starts(section, "uret"));
  return bpf_program__attach_uprobe_opts(program, -1, binary, 0, &options);
}

static struct bpf_link* perf_event(struct bpf_program* program) {
  struct perf_event_attr attr = {.size = sizeof(attr),
                                 .type = PERF_TYPE_SOFTWARE,
                                 .config = PERF_COUNT_SW_TASK_CLOCK,
                                 .sample_period = 1000000000};
  const int fd = syscall(SYS_perf_event_open, &attr, getpid(), -1, -1, PERF_FLAG_FD_CLOEXEC);
  return fd < 0 ? NULL : bpf_program__attach_perf_event(program, fd);
}

static struct bpf_link* iterator(struct bpf_program* program, const char* section) {
  union bpf_iter_link_info info = {};
  LIBBPF_OPTS(bpf_iter_attach_opts, options, .link_info = &info, .link_info_len = sizeof(info));
  const char* target = strchr(section, '/') + 1;
  const char* map = strcmp(target, "bpf_map_elem") == 0         ? "numbers"
                    : strcmp(target, "bpf_sk_storage_map") == 0 ? "notes"
                    : strcmp(target, "sockmap") == 0            ? "sockets"
                                                                : NULL;
  if (map) info.map.map_fd = bpf_object__find_map_fd_by_name(object, map);
  if (strcmp(target, "cgroup") == 0) {
    info.cgroup.order = BPF_CGROUP_ITER_SELF_ONLY;
    info.cgroup.cgroup_fd = cgroup;
  }
  const int choice = map || strcmp(target, "cgroup") == 0;
  return bpf_program__attach_iter(program, choice ? &options : NULL);
}

static struct bpf_link* classified(struct bpf_program* program) {
  switch (bpf_program__expected_attach_type(program)) {
    case BPF_TCX_INGRESS:
    case BPF_TCX_EGRESS:
      return bpf_program__attach_tcx(program, if_nametoindex("cable"), NULL);
    case BPF_NETKIT_PRIMARY:
    case BPF_NETKIT_PEER:
      return bpf_program__attach_netkit(program, if_nametoindex("kit"), NULL);
    default:;
  }
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = if_nametoindex("cable"), .attach_point = BPF_TC_INGRESS);
  LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = bpf_program__fd(program));
  bpf_tc_hook_create(&hook);
  const int status = bpf_tc_attach(&hook, &options);
  hook.attach_point |= BPF_TC_EGRESS;
  bpf_tc_hook_destroy(&hook);
  return settled(status);
}

static struct bpf_link* sockmap(struct bpf_program* program) {
  const int map = bpf_object__find_map_fd_by_name(object, "sockets");
  struct bpf_link* link = bpf_program__attach_sockmap(program, map);
  if (link) return link;
  const int fd = bpf_program__fd(program), type = bpf_program__expected_attach_type(program);
  return settled(bpf_prog_attach(fd, map, type, 0));
}

static struct bpf_link* network(struct bpf_program* program) {
  const int fd = open("/proc/self/ns/net", O_RDONLY);
  return bpf_program__attach_netns(program, fd);
}

static struct bpf_link* filter(struct bpf_program* program) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0), program_fd = bpf_program__fd(program);
  return setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &program_fd, sizeof(program_fd)) ? NULL : done;
}

static struct bpf_link* attach(struct bpf_program* program) {
  LIBBPF_OPTS(bpf_netfilter_opts, input, .pf = AF_INET, .hooknum = 1, .priority = 5);
  const char* section = bpf_program__section_name(program);
  if (*section == '?') section++;
  if (starts(section, "uprobe.multi") || starts(section, "uretprobe.multi") ||
      starts(section, "uprobe.session"))
    return uprobe_multi(program, section);
  if (starts(section, "uprobe") || starts(section, "uretprobe")) return uprobe(program, section);
  if (starts(section, "usdt")) return bpf_program__attach_usdt(program, -1, binary, "shop", "sold", NULL);
  if (starts(section, "iter")) return iterator(program, section);
  if (starts(section, "lsm_cgroup") || starts(section, "cgroup") || starts(section, "sockops"))
    return bpf_program__attach_cgroup(program, cgroup);
  switch (bpf_program__type(program)) {
    case BPF_PROG_TYPE_PERF_EVENT:
      return perf_event(program);
    case BPF_PROG_TYPE_XDP:
      return bpf_program__attach_xdp(program, if_nametoindex("cable"));
    case BPF_PROG_TYPE_SCHED_CLS:
      return classified(program);
    case BPF_PROG_TYPE_NETFILTER:
      return bpf_program__attach_netfilter(program, &input);
    case BPF_PROG_TYPE_SK_LOOKUP:
    case BPF_PROG_TYPE_FLOW_DISSECTOR:
      return network(program);
    case BPF_PROG_TYPE_SK_SKB:
    case BPF_PROG_TYPE_SK_MSG:
      return sockmap(program);
    case BPF_PROG_TYPE_SOCKET_FILTER:
      return filter(program);
    default:
      return bpf_program__attach(program);
  }
}

// How far a program of this name comes; errno says why no further.
static const char* tried(const char* path, const char* name) {
  object = bpf_object__open(path);
  if (!object) return "open";
  bpf_program__set_autoload(bpf_object__find_program_by_name(object, name), true);
  if (bpf_object__load(object)) return "load";
  struct bpf_link* link = attach(bpf_object__find_program_by_name(object, name));
  if (!link) return "attach";
  if (link != done) bpf_link__destroy(link);
  errno = 0;
  return "attached";
}

int main(int argc, char** argv) {
  libbpf_set_print(NULL);
  target(argc);
  cgroup = open(argv[2], O_RDONLY);
  for (int index = 3; index < argc; index++) {
    const char* stage = tried(argv[1], argv[index]);
    printf("%s %s %d\n", argv[index], stage, errno);
    bpf_object__close(object);
  }
  return 0;
}
