// bpf_map.
#pragma once

#include <libbpf.h>

#include "part.h"

using Map = Part<bpf_map, 0x6c62706d61700000>;
