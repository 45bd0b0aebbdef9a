// bpf_program.
#pragma once

#include <libbpf.h>

#include "../object/part.h"

using Program = Part<bpf_program, 0x6c627072676f616d>;
