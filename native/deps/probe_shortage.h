// libbpf's probes for features of the kernel, as deps/libbpf_features.c has them.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

// What this thread was short of in a probe since the last call: an errno, or 0.
int take_probe_shortage(void);

#ifdef __cplusplus
}
#endif
