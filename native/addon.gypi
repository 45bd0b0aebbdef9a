{
  "variables": {
    "addon_sources": [
      "native/addon.cc",
      "native/attach.cc",
      "native/attach_linkless.cc",
      "native/attach_network.cc",
      "native/attach_perf_event.cc",
      "native/attach_tc.cc",
      "native/attach_tracing.cc",
      "native/attach_user.cc",
      "native/btf.cc",
      "native/clock.cc",
      "native/job.cc",
      "native/link.cc",
      "native/link_info.cc",
      "native/link_pin.cc",
      "native/linker.cc",
      "native/log.cc",
      "native/map.cc",
      "native/map_batch.cc",
      "native/map_elem.cc",
      "native/map_life.cc",
      "native/map_open.cc",
      "native/map_walk.cc",
      "native/memory.cc",
      "native/object.cc",
      "native/perf_event.cc",
      "native/perf_ring.cc",
      "native/perf_watcher.cc",
      "native/program.cc",
      "native/query.cc",
      "native/ring.cc",
      "native/ring_buffer.cc",
      "native/struct_ops.cc",
      "native/tc.cc",
      "native/user_ring_buffer.cc",
      "native/watcher.cc"
    ],
    "addon_defines": [
      "NAPI_VERSION=9",
      "NAPI_DISABLE_CPP_EXCEPTIONS",
      "NODE_ADDON_API_DISABLE_DEPRECATED",
      "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
    ],
    "addon_standard": "17"
  }
}
