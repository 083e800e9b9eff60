#include "engine/snapshot.h"

#include <array>
#include <cstdint>

#include "engine/bytes.h"

namespace innkeeper::engine {

namespace {

constexpr std::uint8_t has_user = 1;
constexpr std::uint8_t has_address = 2;
constexpr std::size_t fixed_size = 5 * 8 + 1 + 16 + 4 * 4;

std::uint64_t microseconds(Time time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}
Time from_microseconds(std::uint64_t number) {
  return Time(Duration(static_cast<Duration::rep>(number)));
}

std::array<std::uint8_t, 16> address_bytes(std::string_view raw) {
  std::array<std::uint8_t, 16> bytes{};
  raw.copy(reinterpret_cast<char*>(bytes.data()), bytes.size());
  return bytes;
}

}  // namespace

std::string pack_snapshot(const Snapshot& snapshot) {
  const Client& client = snapshot.client;
  ByteWriter out(fixed_size + snapshot.content.size() + client.user_agent.size() +
                 client.client_hints.size() + 40);
  out.integer(static_cast<std::uint64_t>(snapshot.version));
  for (const Time time :
       {snapshot.expire_date, snapshot.created_at, snapshot.updated_at, snapshot.last_activity}) {
    out.integer(microseconds(time));
  }
  out.byte(
      static_cast<std::uint8_t>((snapshot.user_id ? has_user : 0) | (client.ip ? has_address : 0)));
  const auto address = client.ip.value_or(IpAddress()).bytes();
  out.raw({reinterpret_cast<const char*>(address.data()), address.size()});
  out.text(snapshot.user_id.value_or(""));
  out.text(client.user_agent);
  out.text(client.client_hints);
  out.text(snapshot.content);
  return out.take();
}

std::optional<Snapshot> unpack_snapshot(const SessionId& id, std::string_view bytes) {
  ByteReader in(bytes);
  Snapshot snapshot{.id = id};
  snapshot.version = static_cast<std::int64_t>(in.integer());
  for (Time* time : {&snapshot.expire_date, &snapshot.created_at, &snapshot.updated_at,
                     &snapshot.last_activity}) {
    *time = from_microseconds(in.integer());
  }
  const std::uint8_t flags = in.byte();
  const auto address = address_bytes(in.raw(16));
  const std::string_view user = in.text();
  if (flags & has_address) snapshot.client.ip = IpAddress::from_bytes(address);
  if (flags & has_user) snapshot.user_id = UserId(user);
  snapshot.client.user_agent = in.text();
  snapshot.client.client_hints = in.text();
  snapshot.content = in.text();
  if (!in.at_end()) return std::nullopt;
  return snapshot;
}

}  // namespace innkeeper::engine
