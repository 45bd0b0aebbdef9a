// Memory of the kernel that JavaScript looks at.
#pragma once

#include <napi.h>

#include <memory>

// An ArrayBuffer over `memory`, which it keeps until it is detached or collected: nothing can reach it then.
// Where there can be none: a negative errno.
Napi::Value ToArrayBuffer(Napi::Env env, std::shared_ptr<void> memory, size_t length);

// Maps a descriptor; null, and errno, where the kernel refuses. `address` null: anywhere.
std::shared_ptr<void> MapShared(int fd, void* address, size_t length);
