// SPDX-License-Identifier: MIT
// Every TCP connection that a process accepts, and how long it had waited for that.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

#include "../tcpstates/sockets.bpf.h"

struct event {
  __u64 time;   /* when it was accepted, ns of the monotonic clock */
  __u64 waited; /* ns since it was there; 0 where that was before we were */
  __u32 pid;
  __u32 tid;
  __u32 uid;
  __s32 fd;
  struct ends ends;
  char comm[16];
};

/* The members that are read. */
struct fdtable___accept {
  void** fd;
} __attribute__((preserve_access_index));

struct files_struct___accept {
  struct fdtable___accept* fdt;
} __attribute__((preserve_access_index));

struct task_struct___accept {
  struct files_struct___accept* files;
} __attribute__((preserve_access_index));

struct file___accept {
  void* private_data;
} __attribute__((preserve_access_index));

struct sock___accept {
  __u16 sk_protocol;
} __attribute__((preserve_access_index));

struct socket___accept {
  struct sock___accept* sk;
} __attribute__((preserve_access_index));

FILTER_TASKS();
FILTER_PORTS();
COUNTED_RINGBUF(events, struct event, 256 * 1024);

/* Since when a connection waits to be accepted, by its socket. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, __u64);
  __type(value, __u64);
} waiting SEC(".maps");

__u64 missed = 0;

SEC("tp/sock/inet_sock_set_state")
int changed(struct trace_event_raw_inet_sock_set_state* ctx) {
  if (ctx->protocol != IPPROTO_TCP || !filter_ports(ctx->sport, ctx->dport)) return 0;
  __u64 socket = (__u64)ctx->skaddr;
  __u64 now = bpf_ktime_get_ns();
  if (ctx->newstate == TCP_CLOSE)
    bpf_map_delete_elem(&waiting, &socket);
  else if (ctx->oldstate == TCP_SYN_RECV && ctx->newstate == TCP_ESTABLISHED &&
           bpf_map_update_elem(&waiting, &socket, &now, BPF_ANY))
    __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
  return 0;
}

/* The socket that is behind a descriptor of the current task; none where it is not one of TCP. */
static __always_inline struct sock___accept* socket_at(int fd) {
  struct task_struct___accept* task = (void*)bpf_get_current_task();
  void** files = BPF_CORE_READ(task, files, fdt, fd);
  struct file___accept* file = NULL;
  bpf_probe_read_kernel(&file, sizeof(void*), files + fd);
  struct socket___accept* socket = BPF_CORE_READ(file, private_data);
  struct sock___accept* sk = BPF_CORE_READ(socket, sk);
  return BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP ? sk : NULL;
}

static __always_inline void send(struct sock___accept* socket, const struct ends* ends, int fd) {
  struct event* event = ringbuf_reserve(events, sizeof(*event));
  if (!event) return;
  __u64 id = bpf_get_current_pid_tgid();
  __u64 key = (__u64)socket;
  __u64* since = bpf_map_lookup_elem(&waiting, &key);
  event->time = bpf_ktime_get_ns();
  event->waited = since ? event->time - *since : 0;
  event->pid = id >> 32;
  event->tid = id;
  event->uid = bpf_get_current_uid_gid();
  event->fd = fd;
  event->ends = *ends;
  bpf_get_current_comm(event->comm, sizeof(event->comm));
  ringbuf_submit(event, 0);
  bpf_map_delete_elem(&waiting, &key);
}

static __noinline int accepted(__s64 fd) {
  if (fd < 0 || !filter_current()) return 0;
  struct sock___accept* socket = socket_at(fd);
  if (!socket) return 0;
  struct ends ends = {};
  read_ends(&ends, (void*)socket);
  if (ends.family != AF_INET && ends.family != AF_INET6) return 0;
  if (filter_ports(ends.local_port, ends.remote_port)) send(socket, &ends, fd);
  return 0;
}

SEC("tp/syscalls/sys_exit_accept")
int leave_accept(struct trace_event_raw_sys_exit* ctx) {
  return accepted(ctx->ret);
}

SEC("tp/syscalls/sys_exit_accept4")
int leave_accept4(struct trace_event_raw_sys_exit* ctx) {
  return accepted(ctx->ret);
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
