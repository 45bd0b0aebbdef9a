// A congestion control that is attached by a link.
#include "congestion.h"

SEC(".struct_ops.link")
struct tcp_congestion_ops linked = {
    .init = (void*)start,
    .ssthresh = (void*)ssthresh,
    .cong_avoid = (void*)cong_avoid,
    .undo_cwnd = (void*)undo_cwnd,
    .name = "ts_linked",
};
