// SPDX-License-Identifier: MIT
// What TCP sockets carried, and whose they are: the kernel counts bytes itself, so nothing runs for each of
// them. The iterator finds open sockets among the files of processes at each report; a socket that closes
// adds its bytes when its state changes.
#include "vmlinux.h"
#include <libbpf-ts.bpf.h>

#include "../tcpstates/sockets.bpf.h"

/* One socket. An address may be used again, with the same ports hardly. */
struct connection_key {
  __u64 socket;
  __u16 local_port;
  __u16 remote_port;
  __u32 unused;
};

struct connection {
  __u64 received; /* bytes that came, in order */
  __u64 sent;     /* bytes that were sent, each once */
  __u32 pid;      /* 0: no process is known */
  __u32 tid;
  __u32 uid;
  bool closed;
  char comm[16];
  struct ends ends;
};

/* The members that are read. */
struct tcp_sock___bytes {
  __u64 bytes_received;
  __u64 bytes_sent;
  __u64 bytes_retrans;
} __attribute__((preserve_access_index));

struct sock_common___bytes {
  unsigned long skc_flags;
} __attribute__((preserve_access_index));

struct sock___bytes {
  struct sock_common___bytes __sk_common;
  __u16 sk_type;
  __u16 sk_protocol;
} __attribute__((preserve_access_index));

struct socket___open {
  struct sock___bytes* sk;
} __attribute__((preserve_access_index));

struct inode___open {
  __u16 i_mode;
} __attribute__((preserve_access_index));

struct file___open {
  struct inode___open* f_inode;
  struct socket___open* private_data;
} __attribute__((preserve_access_index));

struct bpf_iter__task_file___open {
  struct task_struct___filter* task;
  struct file___open* file;
} __attribute__((preserve_access_index));

const volatile __u16 only_local_port = 0;
const volatile __u16 only_remote_port = 0;

FILTER_TASKS();

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 131072);
  __type(key, struct connection_key);
  __type(value, struct connection);
} connections SEC(".maps");

__u64 missed = 0;

static const struct connection unknown = {};

static __always_inline struct connection_key key_of(const struct sock_common___ends* socket) {
  return (struct connection_key){.socket = (__u64)socket,
                                 .local_port = BPF_CORE_READ(socket, skc_num),
                                 .remote_port = bpf_ntohs(BPF_CORE_READ(socket, skc_dport))};
}

static __always_inline bool has_wanted_ports(const struct connection_key* key) {
  if (only_local_port && key->local_port != only_local_port) return false;
  return !only_remote_port || key->remote_port == only_remote_port;
}

/* The kernel counts a FIN that came as a byte: tcp_rcv_nxt_update() in net/ipv4/tcp_input.c, where tcp_fin()
 * sets SOCK_DONE. What was sent again is counted each time. */
static __always_inline void count(struct connection* known, const struct sock_common___ends* socket) {
  const struct tcp_sock___bytes* bytes = (void*)socket;
  __u64 received = BPF_CORE_READ(bytes, bytes_received);
  unsigned long flags = BPF_CORE_READ((const struct sock___bytes*)socket, __sk_common.skc_flags);
  bool finished = flags >> bpf_core_enum_value(enum sock_flags, SOCK_DONE) & 1;
  known->received = received > finished ? received - finished : 0;
  known->sent = BPF_CORE_READ(bytes, bytes_sent) - BPF_CORE_READ(bytes, bytes_retrans);
}

/* An address of the map's, or NULL; new where there is none. */
static __always_inline struct connection* connection_of(const struct connection_key* key,
                                                        const struct sock_common___ends* socket) {
  struct connection* known = bpf_map_lookup_elem(&connections, key);
  if (known) return known;
  bpf_map_update_elem(&connections, key, &unknown, BPF_NOEXIST);
  known = bpf_map_lookup_elem(&connections, key);
  if (known)
    read_ends(&known->ends, socket);
  else
    __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
  return known;
}

static __always_inline void identify(struct connection* known) {
  __u64 id = bpf_get_current_pid_tgid();
  known->tid = id;
  known->uid = bpf_get_current_uid_gid();
  bpf_get_current_comm(known->comm, sizeof(known->comm));
  known->pid = id >> 32;
}

/* Whether the state is one that only the connection's own process brings about. */
static __always_inline bool is_of_process(int state) {
  return state == TCP_SYN_SENT || state == TCP_FIN_WAIT1 || state == TCP_LAST_ACK;
}

SEC("tp/sock/inet_sock_set_state")
int changed(struct trace_event_raw_inet_sock_set_state* ctx) {
  if (ctx->protocol != IPPROTO_TCP) return 0;
  const struct sock_common___ends* socket = (void*)ctx->skaddr;
  struct connection_key key = {.socket = (__u64)socket, .local_port = ctx->sport, .remote_port = ctx->dport};
  bool own = is_of_process(ctx->newstate);
  if ((!own && ctx->newstate != TCP_CLOSE) || !has_wanted_ports(&key)) return 0;
  struct connection* known = bpf_map_lookup_elem(&connections, &key);
  /* An interrupt cannot tell the process of a socket that no program has seen before. */
  if (!known && (own ? !filter_current() : filter_is_given())) return 0;
  if (!known) known = connection_of(&key, socket);
  if (!known) return 0;
  if (own && !known->pid) identify(known);
  count(known, socket);
  known->closed = ctx->newstate == TCP_CLOSE;
  return 0;
}

/* The socket of an open file, where it is one of TCP that is connected. What is opened with O_PATH has no
 * data.
 */
static __always_inline const struct sock_common___ends* tcp_socket_of(struct file___open* file) {
  /* S_IFMT and S_IFSOCK in include/uapi/linux/stat.h */
  if ((BPF_CORE_READ(file, f_inode, i_mode) & 00170000) != 0140000) return 0;
  struct socket___open* socket = file->private_data;
  if (!socket) return 0;
  struct sock___bytes* found = BPF_CORE_READ(socket, sk);
  if (!found || BPF_CORE_READ(found, sk_protocol) != IPPROTO_TCP) return 0;
  const struct sock_common___ends* common = (void*)found;
  __u16 family = BPF_CORE_READ(common, skc_family);
  if (family != AF_INET && family != AF_INET6) return 0;
  __u8 state = BPF_CORE_READ(common, skc_state);
  return state == TCP_LISTEN || state == TCP_CLOSE ? 0 : common;
}

SEC("iter/task_file")
int look(struct bpf_iter__task_file___open* ctx) {
  struct task_struct___filter* task = ctx->task;
  struct file___open* file = ctx->file;
  if (!task || !file || !filter_task(task)) return 0;
  const struct sock_common___ends* socket = tcp_socket_of(file);
  if (!socket) return 0;
  struct connection_key key = key_of(socket);
  if (!has_wanted_ports(&key)) return 0;
  struct connection* known = connection_of(&key, socket);
  if (!known) return 0;
  if (!known->pid) {
    known->tid = task->pid;
    known->uid = BPF_CORE_READ(task, cred, uid.val);
    bpf_probe_read_kernel_str(known->comm, sizeof(known->comm), task->comm);
    known->pid = task->tgid;
  }
  count(known, socket);
  return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
