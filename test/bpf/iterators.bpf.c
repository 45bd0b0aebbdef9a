// What iterators go over: each prints of what it finds that which something else can tell too.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

const volatile __s32 target_pid = 0;

SEC("?iter/task_file")
int files(struct bpf_iter__task_file* ctx) {
  struct task_struct* task = ctx->task;
  struct file* file = ctx->file;
  if (task && file && task->pid == target_pid) BPF_SEQ_PRINTF(ctx->meta->seq, "%u\n", ctx->fd);
  return 0;
}

SEC("?iter/task_vma")
int ranges(struct bpf_iter__task_vma* ctx) {
  struct task_struct* task = ctx->task;
  struct vm_area_struct* vma = ctx->vma;
  if (task && vma && task->pid == target_pid)
    BPF_SEQ_PRINTF(ctx->meta->seq, "%08lx-%08lx\n", vma->vm_start, vma->vm_end);
  return 0;
}

SEC("?iter.s/task")
int processes(struct bpf_iter__task* ctx) {
  struct task_struct* task = ctx->task;
  if (task) BPF_SEQ_PRINTF(ctx->meta->seq, "%d\n", task->pid);
  return 0;
}

SEC("?iter/bpf_map")
int maps(struct bpf_iter__bpf_map* ctx) {
  struct bpf_map* map = ctx->map;
  if (map) BPF_SEQ_PRINTF(ctx->meta->seq, "%u\n", map->id);
  return 0;
}

SEC("?iter/bpf_map")
int numbers(struct bpf_iter__bpf_map* ctx) {
  struct bpf_map* map = ctx->map;
  if (!map) return 0;
  __u32 record[] = {map->id, map->map_type};
  bpf_seq_write(ctx->meta->seq, record, sizeof(record));
  return 0;
}

SEC("?iter/bpf_prog")
int programs(struct bpf_iter__bpf_prog* ctx) {
  struct bpf_prog* program = ctx->prog;
  if (program) BPF_SEQ_PRINTF(ctx->meta->seq, "%u\n", program->aux->id);
  return 0;
}

SEC("?iter/bpf_link")
int links(struct bpf_iter__bpf_link* ctx) {
  struct bpf_link* link = ctx->link;
  if (link) BPF_SEQ_PRINTF(ctx->meta->seq, "%u\n", link->id);
  return 0;
}

SEC("?iter/tcp")
int streams(struct bpf_iter__tcp* ctx) {
  struct sock_common* sk = ctx->sk_common;
  if (sk) BPF_SEQ_PRINTF(ctx->meta->seq, "%u\n", sk->skc_num);
  return 0;
}

SEC("?iter/udp")
int datagrams(struct bpf_iter__udp* ctx) {
  struct udp_sock* sk = ctx->udp_sk;
  if (sk) BPF_SEQ_PRINTF(ctx->meta->seq, "%u\n", sk->inet.sk.__sk_common.skc_num);
  return 0;
}

SEC("?iter/unix")
int local(struct bpf_iter__unix* ctx) {
  char path[108] = {};
  struct unix_sock* socket = ctx->unix_sk;
  if (!socket) return 0;
  BPF_CORE_READ_STR_INTO(&path, socket, addr, name[0].sun_path);
  if (path[0]) BPF_SEQ_PRINTF(ctx->meta->seq, "%s\n", path);
  return 0;
}

SEC("?iter/netlink")
int ports(struct bpf_iter__netlink* ctx) {
  struct netlink_sock* socket = ctx->sk;
  if (socket) BPF_SEQ_PRINTF(ctx->meta->seq, "%u\n", socket->portid);
  return 0;
}

SEC("?iter/ksym")
int symbols(struct bpf_iter__ksym* ctx) {
  static const char wanted[] = "vfs_read";
  struct kallsym_iter* symbol = ctx->ksym;
  if (!symbol) return 0;
  for (unsigned int i = 0; i < sizeof(wanted); i++)
    if (symbol->name[i] != wanted[i]) return 0;
  BPF_SEQ_PRINTF(ctx->meta->seq, "%s\n", symbol->name);
  return 0;
}

SEC("?iter/kmem_cache")
int caches(struct bpf_iter__kmem_cache* ctx) {
  struct kmem_cache* cache = ctx->s;
  if (cache) BPF_SEQ_PRINTF(ctx->meta->seq, "%s\n", cache->name);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
