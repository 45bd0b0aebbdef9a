/*
 * libbpf's features.c with another memory. Its own takes each probe that fails for a kernel without the
 * feature, for the life of the process: one EMFILE, and later loads and attachments fail with errors about
 * something else. Here a failure is no answer and is asked about again. Where the process was short of
 * something for a moment, the feature counts as there: the call then succeeds whole, or fails, and
 * take_probe_shortage() tells why.
 */
#include <errno.h>
#include <stdbool.h>

#include "probe_shortage.h"

#include <bpf.h>
#include <libbpf.h>
#include <libbpf_internal.h>

#define feat_supported feat_supported_for_good
#include <features.c>
#undef feat_supported

static _Thread_local int shortage;

int take_probe_shortage(void) {
  const int error = shortage;
  shortage = 0;
  return error;
}

static bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == EAGAIN || error == EINTR;
}

bool feat_supported(struct kern_feature_cache* cache, enum kern_feature_id id) {
  if (cache == NULL) cache = &feature_cache;
  const enum kern_feature_result known = READ_ONCE(cache->res[id]);
  if (known != FEAT_UNKNOWN) return known == FEAT_SUPPORTED;
  errno = 0;  // the probes leave that of the call that failed
  const int answer = feature_probes[id].probe(cache->token_fd);
  if (answer <= 0 && is_shortage(errno)) {
    shortage = errno;
    return true;
  }
  if (answer < 0 || (answer == 0 && errno == EPERM)) return false;
  WRITE_ONCE(cache->res[id], answer > 0 ? FEAT_SUPPORTED : FEAT_MISSING);
  return answer > 0;
}
