// What the rejected programs share. A comment says which program is rejected on its line, as what, until
// which version of Linux, or since which one there and not where another comment says;
// test/kernel/rejected.test.ts reads them.
#pragma once

struct items {
  __u64 list[8];
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct items);
} table SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 65536);
} events SEC(".maps");

static const __u32 zero = 0;
