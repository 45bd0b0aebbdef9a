// Calls that may block: each is exported twice, as `name` on libuv's pool with a promise and as `nameSync` on
// the calling thread. Both answer [value, log]: a handle, bytes, text, or 0 or a negative errno.
#pragma once

#include <napi.h>

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

class Link;
class Object;
struct Map;
struct Program;

using Reply = std::variant<int, std::string, std::vector<uint8_t>, std::shared_ptr<Object>,
                           std::shared_ptr<Link>, std::shared_ptr<Map>, std::shared_ptr<Program>>;

// `may_wait` is true on the pool; on the main thread a lock that is held is -EBUSY.
using Work = std::function<Reply(bool may_wait)>;

// Runs on the environment's own thread once the work is done, before JavaScript hears of it.
using Settle = std::function<void(const Reply& reply)>;

Napi::Value Perform(const Napi::CallbackInfo& info, Work work, Settle settle = nullptr);

using Function = Napi::Value (*)(const Napi::CallbackInfo&);

void ExportJob(Napi::Object exports, const char* name, Function function);
void ExportCall(Napi::Object exports, const char* name, Function function);
