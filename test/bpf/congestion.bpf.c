// A congestion control as kernels before 6.4 attach it: without a link.
#include "congestion.h"

SEC(".struct_ops")
struct tcp_congestion_ops plain = {
    .init = (void*)start,
    .ssthresh = (void*)ssthresh,
    .cong_avoid = (void*)cong_avoid,
    .undo_cwnd = (void*)undo_cwnd,
    .name = "ts_plain",
};
