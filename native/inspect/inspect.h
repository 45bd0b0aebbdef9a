// The answer of BPF_OBJ_GET_INFO_BY_FD as a record: the struct, what it points to, and fdinfo.
#pragma once

#include <cstdint>
#include <vector>

#include "../core/job.h"

// Adds a record of `info`: two 32-bit lengths, the struct, the lines of /proc/self/fdinfo, zeros up to 8
// bytes.
void AppendRecord(int fd, const std::vector<uint8_t>& info, std::vector<uint8_t>* out);

// Fills `info` with struct bpf_prog_info and those of its lists whose bits are in `parts`; pointers become
// offsets into it, 0 where nothing was filled in. 0 or a negative errno. The descriptor has to be a
// program's.
int DescribeProgram(int fd, uint32_t parts, std::vector<uint8_t>* info);
