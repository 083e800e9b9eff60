#include "store/dialect.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "base/digest.h"

namespace innkeeper::store {

namespace {

constexpr std::string_view first_mapped = "00000000000000000000ffff00000000";
constexpr std::string_view last_mapped = "00000000000000000000ffffffffffff";

std::string digits(const IpAddress& address) {
  const auto& bytes = address.bytes();
  return to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// Thirty-two hexadecimal digits in lower case, hyphens dropped; nothing where it is no UUID.
std::optional<std::string> uuid_digits(std::string_view text) {
  std::string hex;
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower == '-') continue;
    if (!((lower >= '0' && lower <= '9') || (lower >= 'a' && lower <= 'f'))) return std::nullopt;
    hex += lower;
  }
  if (hex.size() != 32 || (text.size() != 32 && text.size() != 36)) return std::nullopt;
  return hex;
}

std::string hyphenated(std::string hex) {
  for (const std::size_t place : {20U, 16U, 12U, 8U}) hex.insert(place, 1, '-');
  return hex;
}

std::optional<Value> integer_key(std::string_view id) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc{} || end != id.data() + id.size()) return std::nullopt;
  return number;
}

// What the texts of all addresses in it begin with: whole parts of the network's own, each with the
// sign that ends it. IPv6 leaves out zeros (RFC 5952), so that nothing is sure from the first on.
std::string shared_text(const IpNetwork& network) {
  const bool v4 = network.first().is_v4();
  const std::string text = network.first().to_string();
  std::size_t end = 0;
  for (int parts = network.prefix_length() / (v4 ? 8 : 16); parts > 0; --parts) {
    const std::size_t next = text.find(v4 ? '.' : ':', end);
    if (next == std::string::npos) break;
    const bool left_out = !v4 && (next == end || text.substr(end, next - end) == "0");
    if (left_out) break;
    end = next + 1;
  }
  return text.substr(0, end);
}

}  // namespace

std::optional<std::string> ip_digits(std::string_view text) {
  const auto address = IpAddress::parse(text);
  if (!address) return std::nullopt;
  return digits(*address);
}

std::optional<Value> user_key(Dialect dialect, KeyType type, std::string_view id) {
  if (type == KeyType::integer) return integer_key(id);
  if (type == KeyType::text) return std::string(id);
  auto hex = uuid_digits(id);
  if (!hex) return std::nullopt;
  return dialect == Dialect::postgres ? hyphenated(*std::move(hex)) : *std::move(hex);
}

bool is_user_key(KeyType type, std::string_view id) {
  constexpr std::size_t longest_text = 255;
  if (type == KeyType::text)
    return !id.empty() && id.size() <= longest_text && id.find('\0') == id.npos;
  return user_key(Dialect::sqlite, type, id).has_value();
}

std::optional<UserId> user_id(const Value& value, KeyType type, std::string_view column) {
  if (is_null(value)) return std::nullopt;
  std::string text = as_text(value, column);
  if (type != KeyType::uuid) return text;
  auto hex = uuid_digits(text);
  return hex ? hyphenated(*std::move(hex)) : std::move(text);
}

std::string in_network(Dialect dialect, const IpNetwork& network, std::vector<Value>& values) {
  if (dialect == Dialect::postgres) {
    values.emplace_back(network.to_string());
    return "ip <<= CAST(? AS inet)";
  }
  const std::string address = dialect == Dialect::sqlite
                                  ? std::string(ip_function) + "(ip)"
                                  : "LOWER(HEX(INET6_ATON(CASE WHEN IS_IPV4(ip) THEN "
                                    "CONCAT('::ffff:', ip) ELSE ip END)))";
  const std::string first = digits(network.first());
  const std::string last = digits(network.last());
  values.emplace_back(first);
  values.emplace_back(last);
  const std::string inside = address + " BETWEEN ? AND ?";
  if (network.first().is_v4() || first > first_mapped || last < last_mapped) return inside;
  values.emplace_back(std::string(first_mapped));
  values.emplace_back(std::string(last_mapped));
  return inside + " AND " + address + " NOT BETWEEN ? AND ?";
}

std::string near_network(Dialect dialect, const IpNetwork& network, std::vector<Value>& values) {
  if (dialect == Dialect::postgres) return in_network(dialect, network, values);
  // An address has one text.
  if (network.first() == network.last()) {
    values.emplace_back(network.first().to_string());
    return "ip = ?";
  }
  std::string prefix = shared_text(network);
  if (prefix.empty()) return {};
  if (dialect == Dialect::mariadb) {  // whose collation orders signs in a way of its own
    values.emplace_back(prefix + '%');
    return "ip LIKE ?";
  }
  values.emplace_back(prefix);
  ++prefix.back();
  values.emplace_back(prefix);
  return "ip >= ? AND ip < ?";
}

std::string unindexed(Dialect dialect, std::string_view column) {
  return dialect == Dialect::sqlite ? '+' + std::string(column) : std::string(column);
}

std::string_view read_latest(Dialect dialect) {
  return dialect == Dialect::mariadb ? " FOR UPDATE" : "";
}

std::string quoted(Dialect dialect, std::string_view name) {
  const char mark = dialect == Dialect::mariadb ? '`' : '"';
  return mark + std::string(name) + mark;
}

std::string places(std::size_t count) {
  std::string text = "?";
  for (std::size_t i = 1; i < std::bit_ceil(count); ++i) text += ", ?";
  return text;
}

void add_padded(std::vector<Value>& values, std::vector<Value> list) {
  if (list.empty()) return;
  list.resize(std::bit_ceil(list.size()), Value(list.back()));
  std::move(list.begin(), list.end(), std::back_inserter(values));
}

}  // namespace innkeeper::store
