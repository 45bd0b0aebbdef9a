// An arena: a list that a program makes of pages that it allocates, a counter where this process says, and
// variables.
// Its own declarations leave the address space out.
#define BPF_NO_KFUNC_PROTOTYPES
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct piece {
  __u64 value;
  __u64 next;  // a pointer for user space; 0 at the end
};

struct {
  __uint(type, BPF_MAP_TYPE_ARENA);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 8);
} arena SEC(".maps");

const volatile __u32 target_pid = 0;
const volatile __u64 watched = 0;

struct tally {
  __u32 step;
  char name[12];
  __u64 total;
};

// As compilers since clang 18 place __arena variables.
struct tally tally SEC(".addr_space.1") = {5, "calls", 0};
__u64 marks[2] SEC(".addr_space.1") = {1, 2};

__u32 wanted = 3;
__u64 counter;
__u64 head;

void* bpf_arena_alloc_pages(void* map, void* address, __u32 pages, int numa_node, __u64 flags) __ksym;

// Casts between address spaces, which compilers before clang 19 do not know: a move to the same register with
// an offset of 1, and from which space to which as its immediate.
#define cast(pointer, spaces) \
  asm volatile("r1 = %0; .byte 0xbf, 0x11; .short 1; .long " spaces "; %0 = r1" : "+r"(pointer) : : "r1")
#define for_program(pointer) cast(pointer, "1")
#define for_user(pointer) cast(pointer, "0x10000")

// Once for each reading of the iterator: pages can be allocated where a program may sleep only.
SEC("iter.s/task")
int list(struct bpf_iter__task* context) {
  struct piece* next = 0;
  if (context->meta->seq_num > 0) return 0;
  for (__u32 i = 0; i < 4 && i < wanted; i++) {
    struct piece* made = bpf_arena_alloc_pages(&arena, 0, 1, -1, 0);
    if (!made) break;
    struct piece* place = made;
    for_program(place);
    place->value = 10 + i;
    for_user(next);
    place->next = (__u64)next;
    next = made;
  }
  for_user(next);
  head = (__u64)next;
  return 0;
}

SEC("raw_tp/sys_enter")
int count(struct bpf_raw_tracepoint_args* context) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid || context->args[1] != watched) return 0;
  __u64* place = (__u64*)counter;
  asm volatile("" : : "r"(&arena));  // a program has an arena when it names it
  for_program(place);
  __sync_fetch_and_add(place, 5);
  return 0;
}

SEC("raw_tp/sys_enter")
int sum(struct bpf_raw_tracepoint_args* context) {
  if (bpf_get_current_pid_tgid() >> 32 != target_pid || context->args[1] != watched) return 0;
  struct tally* mine = &tally;
  for_program(mine);
  __sync_fetch_and_add(&mine->total, mine->step);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
