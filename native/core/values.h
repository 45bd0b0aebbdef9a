// The only reading of arguments: each function says whether the value was of its kind.
#pragma once

#include <libbpf.h>
#include <linux/bpf.h>
#include <napi.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

// Bytes of a Uint8Array, borrowed for the length of the call.
struct Bytes {
  uint8_t* data = nullptr;
  size_t size = 0;
};

// One call of Node-API says both what it is and where: this runs for every lookup.
inline bool Read(Napi::Value value, Bytes* out) {
  napi_typedarray_type type = napi_int8_array;
  void* data = nullptr;
  size_t size = 0;
  const auto status = napi_get_typedarray_info(value.Env(), value, &type, &size, &data, nullptr, nullptr);
  if (status != napi_ok || type != napi_uint8_array) return false;
  *out = {static_cast<uint8_t*>(data), size};
  return true;
}

inline bool Read(Napi::Value value, std::vector<uint8_t>* out) {
  Bytes bytes;
  if (!Read(value, &bytes)) return false;
  out->assign(bytes.data, bytes.data + bytes.size);
  return true;
}

inline bool Read(Napi::Value value, std::string* out) {
  if (!value.IsString()) return false;
  *out = value.As<Napi::String>().Utf8Value();
  return true;
}

inline bool Read(Napi::Value value, bool* out) {
  if (!value.IsBoolean()) return false;
  *out = value.As<Napi::Boolean>().Value();
  return true;
}

inline bool Read(Napi::Value value, uint64_t* out) {
  constexpr double kLimit = 9007199254740992;  // 2^53: above it a number may stand for several integers
  double number = 0;
  if (napi_get_value_double(value.Env(), value, &number) != napi_ok) {
    bool lossless = false;
    return napi_get_value_bigint_uint64(value.Env(), value, out, &lossless) == napi_ok && lossless;
  }
  if (!(number >= 0 && number < kLimit) || std::trunc(number) != number) return false;
  *out = static_cast<uint64_t>(number);
  return true;
}

inline bool Read(Napi::Value value, int32_t* out) {
  if (!value.IsNumber()) return false;
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(number >= INT32_MIN && number <= INT32_MAX) || std::trunc(number) != number) return false;
  *out = static_cast<int32_t>(number);
  return true;
}

inline bool Read(Napi::Value value, uint32_t* out) {
  uint64_t wide = 0;
  if (!Read(value, &wide) || wide > UINT32_MAX) return false;
  *out = static_cast<uint32_t>(wide);
  return true;
}

// Null is no text.
inline bool Read(Napi::Value value, std::optional<std::string>* out) {
  if (value.IsNull()) return true;
  return Read(value, &out->emplace());
}

// A BigUint64Array.
inline bool Read(Napi::Value value, std::vector<uint64_t>* out) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_biguint64_array)
    return false;
  auto array = value.As<Napi::BigUint64Array>();
  out->assign(array.Data(), array.Data() + array.ElementLength());
  return true;
}

inline bool Read(Napi::Value value, std::vector<std::string>* out) {
  if (!value.IsArray()) return false;
  auto array = value.As<Napi::Array>();
  for (uint32_t index = 0; index < array.Length(); index++) {
    const Napi::Value item = array.Get(index);
    if (item.IsEmpty() || !Read(item, &out->emplace_back())) return false;
  }
  return true;
}

// The last values of enumerations of the kernel and libbpf: larger ones are undefined in C++.
template <class Enum>
constexpr uint32_t kEnd = 0;
template <>
inline constexpr uint32_t kEnd<bpf_prog_type> = __MAX_BPF_PROG_TYPE;
template <>
inline constexpr uint32_t kEnd<bpf_map_type> = __MAX_BPF_MAP_TYPE;
template <>
inline constexpr uint32_t kEnd<bpf_attach_type> = __MAX_BPF_ATTACH_TYPE;
template <>
inline constexpr uint32_t kEnd<bpf_func_id> = __BPF_FUNC_MAX_ID;
template <>
inline constexpr uint32_t kEnd<bpf_stats_type> = BPF_STATS_RUN_TIME + 1;
template <>
inline constexpr uint32_t kEnd<bpf_tc_attach_point> = BPF_TC_CUSTOM << 2;  // a set of bits

template <class Enum, std::enable_if_t<std::is_enum_v<Enum>, int> = 0>
bool Read(Napi::Value value, Enum* out) {
  static_assert(kEnd<Enum> > 0, "an enumeration is listed above");
  uint32_t number = 0;
  if (!Read(value, &number) || number >= kEnd<Enum>) return false;
  *out = static_cast<Enum>(number);
  return true;
}

// memcpy(3), which takes no null pointer even where there is nothing to copy, as of an empty array.
inline void CopyBytes(void* to, const void* from, size_t size) {
  if (size > 0) memcpy(to, from, size);
}

// Reads the arguments from `first` on, one into each of `out`.
template <class... Out>
bool ReadFrom(const Napi::CallbackInfo& info, size_t first, Out*... out) {
  return (Read(info[first++], out) && ...);
}
