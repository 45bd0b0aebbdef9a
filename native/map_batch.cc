// Many elements of given keys at a time, and what becomes of the values of many CPUs.
#include <bpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "addon.h"
#include "attach.h"
#include "job.h"
#include "map.h"
#include "values.h"

namespace {

using Buffer = std::vector<uint8_t>;

// What was done before it ended, and why it ended: int32 status, uint32 count, and what was read.
Buffer Answer(int32_t status, uint32_t count, const Buffer& rest = {}) {
  Buffer answer(sizeof(status) + sizeof(count) + rest.size());
  memcpy(answer.data(), &status, sizeof(status));
  memcpy(answer.data() + sizeof(status), &count, sizeof(count));
  std::copy(rest.begin(), rest.end(), answer.begin() + sizeof(status) + sizeof(count));
  return answer;
}

// Runs `body` with how many keys there are; it answers an Answer.
template <class Body>
Reply WithKeys(const std::shared_ptr<Map>& map, const Buffer& keys, bool may_wait, Body body) {
  Buffer answer;
  const int status = map->Use(may_wait, [&](const MapView& view) {
    if (view.fd < 0 || view.key_size == 0 || keys.size() % view.key_size != 0) return -EINVAL;
    const size_t count = keys.size() / view.key_size;
    if (count > std::numeric_limits<int32_t>::max()) return -E2BIG;
    answer = body(view, static_cast<uint32_t>(count));
    return 0;
  });
  if (status != 0) return status;
  return answer;
}

// A byte for each key, 1 where it is there, then all values.
Buffer LookupAll(const MapView& map, const Buffer& keys, uint32_t count) {
  const size_t size = map.EntrySize();
  Buffer found(count + count * size);
  for (uint32_t i = 0; i < count; i++) {
    uint8_t* value = found.data() + count + i * size;
    const int status = bpf_map_lookup_elem(map.fd, keys.data() + i * map.key_size, value);
    if (status != 0 && status != -ENOENT) return Answer(status, i);
    found[i] = status == 0;
  }
  return Answer(0, count, found);
}

Buffer UpdateAll(const MapView& map, const Buffer& keys, const Buffer& entries, uint64_t flags,
                 uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t* key = keys.data() + i * map.key_size;
    const int status = bpf_map_update_elem(map.fd, key, entries.data() + i * map.EntrySize(), flags);
    if (status != 0) return Answer(status, i);
  }
  return Answer(0, count);
}

Buffer UpdateBatch(const MapView& map, const Buffer& keys, const Buffer& entries, uint64_t flags,
                   uint32_t count) {
  auto options = Options<bpf_map_batch_opts>();
  options.elem_flags = flags;
  uint32_t done = count;
  const int status = bpf_map_update_batch(map.fd, keys.data(), entries.data(), &done, &options);
  return Answer(status, status == -524 ? 0 : std::min(done, count));
}

// A batch ends at a key that is not there: that is passed over.
Buffer DeleteBatch(const MapView& map, const Buffer& keys, uint32_t count) {
  auto options = Options<bpf_map_batch_opts>();
  uint32_t deleted = 0;
  for (uint32_t at = 0; at < count;) {
    uint32_t done = count - at;
    const int status = bpf_map_delete_batch(map.fd, keys.data() + at * map.key_size, &done, &options);
    if (status != 0 && status != -ENOENT) return Answer(status, deleted);
    deleted += done;
    at += done + (status == -ENOENT ? 1 : 0);
  }
  return Answer(0, deleted);
}

Buffer DeleteAll(const MapView& map, const Buffer& keys, uint32_t count) {
  uint32_t deleted = 0;
  for (uint32_t i = 0; i < count; i++) {
    const int status = bpf_map_delete_elem(map.fd, keys.data() + i * map.key_size);
    if (status != 0 && status != -ENOENT) return Answer(status, deleted);
    if (status == 0) deleted++;
  }
  return Answer(0, deleted);
}

Napi::Value Invalid(const Napi::CallbackInfo& info) {
  return Perform(info, [](bool) { return -EINVAL; });
}

Napi::Value MapLookupMany(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  Buffer keys;
  if (!map || !Read(info[1], &keys)) return Invalid(info);
  return Perform(info, [=](bool may_wait) {
    return WithKeys(map, keys, may_wait,
                    [&](const MapView& view, uint32_t count) { return LookupAll(view, keys, count); });
  });
}

Napi::Value MapUpdateMany(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  Buffer keys, entries;
  uint64_t flags = 0;
  bool batch = false;
  if (!map || !ReadFrom(info, 1, &keys, &entries, &flags, &batch)) return Invalid(info);
  return Perform(info, [=](bool may_wait) {
    return WithKeys(map, keys, may_wait, [&](const MapView& view, uint32_t count) {
      if (entries.size() != count * view.EntrySize()) return Answer(-EINVAL, 0);
      const auto update = batch ? UpdateBatch : UpdateAll;
      return update(view, keys, entries, flags, count);
    });
  });
}

Napi::Value MapDeleteMany(const Napi::CallbackInfo& info) {
  auto map = Handle<Map>::Unwrap(info[0]);
  Buffer keys;
  bool batch = false;
  if (!map || !ReadFrom(info, 1, &keys, &batch)) return Invalid(info);
  return Perform(info, [=](bool may_wait) {
    return WithKeys(map, keys, may_wait, [&](const MapView& view, uint32_t count) {
      return batch ? DeleteBatch(view, keys, count) : DeleteAll(view, keys, count);
    });
  });
}

// How the values of all CPUs become one. The numbers are known to JavaScript.
enum class Reducer : uint32_t { kSum, kMax, kMean };

template <class T>
T Load(const uint8_t* from) {
  T value;
  memcpy(&value, from, sizeof(value));
  return value;
}

// A sum that no number of CPUs overflows; it is cut to the member's own width at the end, as C
// does.
template <class T, class Wide>
void ReduceOne(const uint8_t* first, size_t stride, uint32_t cpus, Reducer how, uint8_t* out) {
  Wide sum = 0;
  T most = Load<T>(first);
  for (uint32_t cpu = 0; cpu < cpus; cpu++) {
    const T value = Load<T>(first + cpu * stride);
    sum += value;
    most = std::max(most, value);
  }
  const T result = static_cast<T>(how == Reducer::kMean ? sum / std::max<Wide>(cpus, 1) : sum);
  memcpy(out, how == Reducer::kMax ? &most : &result, sizeof(T));
}

using Signed = __int128;
using Unsigned = unsigned __int128;
using ReduceFunction = void (*)(const uint8_t*, size_t, uint32_t, Reducer, uint8_t*);

struct Width {
  size_t size;
  ReduceFunction reduce;
};

// By the numbers that JavaScript knows: unsigned, signed, floating.
constexpr Width kWidths[] = {
    {1, ReduceOne<uint8_t, Unsigned>},  {2, ReduceOne<uint16_t, Unsigned>},
    {4, ReduceOne<uint32_t, Unsigned>}, {8, ReduceOne<uint64_t, Unsigned>},
    {1, ReduceOne<int8_t, Signed>},     {2, ReduceOne<int16_t, Signed>},
    {4, ReduceOne<int32_t, Signed>},    {8, ReduceOne<int64_t, Signed>},
    {4, ReduceOne<float, double>},      {8, ReduceOne<double, double>},
};

struct Values {
  Bytes entries;
  uint32_t size = 0, cpus = 0;
  Reducer how = Reducer::kSum;
  std::vector<uint32_t> fields;  // pairs of offset and kind
  Bytes out;

  size_t stride() const { return (size_t{size} + 7) / 8 * 8; }
  size_t count() const { return entries.size / (stride() * cpus); }
  bool Fits() const {
    if (size == 0 || cpus == 0 || how > Reducer::kMean || fields.size() % 2 != 0) return false;
    if (stride() > entries.size / cpus || entries.size % (stride() * cpus) != 0) return false;
    for (size_t i = 0; i < fields.size(); i += 2) {
      const bool known = fields[i + 1] < std::size(kWidths);
      if (!known || uint64_t{fields[i]} + kWidths[fields[i + 1]].size > size) return false;
    }
    return out.size >= count() * size;
  }
  void Reduce(size_t entry) const {
    const uint8_t* from = entries.data + entry * stride() * cpus;
    uint8_t* to = out.data + entry * size;
    memcpy(to, from, size);  // what is no number is that of the first CPU
    for (size_t i = 0; i < fields.size(); i += 2) {
      const uint32_t at = fields[i];
      kWidths[fields[i + 1]].reduce(from + at, stride(), cpus, how, to + at);
    }
  }
};

bool Read(Napi::Value value, std::vector<uint32_t>* out) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array)
    return false;
  auto array = value.As<Napi::Uint32Array>();
  out->assign(array.Data(), array.Data() + array.ElementLength());
  return true;
}

// (entries, value size, CPUs, how, fields, out): a value for each entry.
Napi::Value PerCpuReduce(const Napi::CallbackInfo& info) {
  Values values;
  uint32_t how = 0;
  const bool reads = ReadFrom(info, 0, &values.entries, &values.size, &values.cpus, &how) &&
                     Read(info[4], &values.fields) && ::Read(info[5], &values.out);
  values.how = static_cast<Reducer>(how);
  if (!reads || !values.Fits()) return Napi::Number::New(info.Env(), -EINVAL);
  for (size_t entry = 0; entry < values.count(); entry++) values.Reduce(entry);
  return Napi::Number::New(info.Env(), 0);
}

}  // namespace

void RegisterMapBatch(Napi::Object exports) {
  ExportJob(exports, "mapLookupMany", MapLookupMany);
  ExportJob(exports, "mapUpdateMany", MapUpdateMany);
  ExportJob(exports, "mapDeleteMany", MapDeleteMany);
  ExportCall(exports, "perCpuReduce", PerCpuReduce);
}
