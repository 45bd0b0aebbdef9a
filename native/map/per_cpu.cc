// The values that the CPUs have of one thing, made one.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "../core/addon.h"
#include "../core/job.h"
#include "../core/values.h"

namespace {

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

void RegisterPerCpu(Napi::Object exports) {
  ExportCall(exports, "perCpuReduce", PerCpuReduce);
}
