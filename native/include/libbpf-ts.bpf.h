// What BPF programs miss after vmlinux.h, or write again each time: constants that are in no BTF, packets
// with their bounds, a filter for the process that loads, histograms, ring buffers that count.
//
//   #include "vmlinux.h"
//   #include <libbpf-ts.bpf.h>
//
// Each part can be included by itself: <libbpf-ts/packet.bpf.h>. A program without vmlinux.h includes the
// headers of what it uses before, as <linux/bpf.h> and <linux/types.h>.
#pragma once

#include <bpf/bpf_helpers.h>

#include "libbpf-ts/constants.bpf.h"
#include "libbpf-ts/filter.bpf.h"
#include "libbpf-ts/histogram.bpf.h"
#include "libbpf-ts/paths.bpf.h"
#include "libbpf-ts/ring.bpf.h"
#include "libbpf-ts/tasks.bpf.h"

// Headers of packets are types: those of vmlinux.h, or of <linux/if_ether.h> and its like for who includes
// this part.
#ifdef __VMLINUX_H__
#include "libbpf-ts/packet.bpf.h"
#endif
