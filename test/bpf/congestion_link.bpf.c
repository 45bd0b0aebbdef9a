// A congestion control that is attached by a link.
#include "congestion.h"

__u64 restarted;

SEC("struct_ops")
void BPF_PROG(start_again, struct sock* sk) {
  __sync_fetch_and_add(&restarted, 1);
}

SEC(".struct_ops.link")
struct tcp_congestion_ops linked = {
    .init = (void*)start,
    .ssthresh = (void*)ssthresh,
    .cong_avoid = (void*)cong_avoid,
    .undo_cwnd = (void*)undo_cwnd,
    .name = "ts_linked",
};

// The same under the same name, which may take the place of the other.
SEC(".struct_ops.link")
struct tcp_congestion_ops renewed = {
    .init = (void*)start_again,
    .ssthresh = (void*)ssthresh,
    .cong_avoid = (void*)cong_avoid,
    .undo_cwnd = (void*)undo_cwnd,
    .name = "ts_linked",
};
