// What the kernel tells of one thing: a record of its struct, with what the struct points to, and of its
// fdinfo.
#pragma once

#include <cstdint>
#include <vector>

#include "../core/job.h"

// Adds a record of `info`: two 32-bit lengths, the struct, the lines of /proc/self/fdinfo, zeros up to 8
// bytes.
void AppendRecord(int fd, const std::vector<uint8_t>& info, std::vector<uint8_t>* out);

// Fills `info` with struct bpf_prog_info and those of its lists whose bits are in `parts`; pointers become
// offsets into it, 0 where the kernel gave nothing. 0 or a negative errno. The descriptor has to be a
// program's.
int DescribeProgram(int fd, uint32_t parts, std::vector<uint8_t>* info);
