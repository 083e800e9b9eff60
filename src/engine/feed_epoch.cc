// The epoch's witness and the marker beside it: believing them, and beginning the next epoch.
//
// Of all processes one at most may follow an epoch with the next. The port has no exchange of a
// value for another, so who wants to claims that first, by an `add` under the old epoch's name, and
// then looks whether all is still as it was judged by. Whoever is to believe an epoch looks for
// such a claim after the marker is there. So of two, one of which writes a marker while the other
// claims, one at least sees the other and lets go.
#include <algorithm>

#include "base/error.h"
#include "engine/bytes.h"
#include "engine/feed.h"

namespace innkeeper::engine {

namespace {

// Whose number cannot be read has a claim of its own.
constexpr Epoch unreadable = 0;

std::string name_of_claim(Epoch epoch) { return "epoch-after:" + std::to_string(epoch); }

bool is_same(const std::optional<FeedPlace>& one, const FeedPlace& other) {
  return one && pack_place(*one) == pack_place(other);
}

}  // namespace

std::optional<FeedPlace> Feed::read_marker() {
  auto place = place_in_cache();
  return place && is_alive(place->epoch) ? std::move(place) : std::nullopt;
}

std::optional<FeedPlace> Feed::place_in_cache() {
  const auto body = read_entry(m_cache.key("feed"));
  return body ? unpack_place(*body) : std::nullopt;
}

// The claim last: see above.
bool Feed::is_alive(Epoch epoch) {
  return epoch_in_cache() == epoch && !m_cache.port().get(m_cache.key(name_of_claim(epoch)));
}

std::optional<Epoch> Feed::epoch_in_cache() { return witness().epoch; }

Feed::Witness Feed::witness() {
  const std::string where = m_cache.key("epoch");
  const auto value = m_cache.port().get(where);
  if (!value) return {};
  const auto body = open_entry(where, *value);
  return {.epoch = body ? std::optional(ByteReader(*body).integer()) : std::nullopt,
          .is_there = true};
}

std::optional<std::string> Feed::read_entry(const std::string& where) {
  const auto value = m_cache.port().get(where);
  return value ? open_entry(where, *value) : std::nullopt;
}

std::optional<std::string> Feed::open_entry(const std::string& where, const std::string& value) {
  auto opened = m_cache.sealer().open(where, value, m_clock.now());
  if (!opened.entry || opened.entry->kind != cache::EntryKind::feed) return std::nullopt;
  return std::move(opened.entry->body);
}

std::string Feed::sealed(const std::string& where, cache::Stamp stamp, std::string body) const {
  return m_cache.sealer().seal(where, {.kind = cache::EntryKind::feed,
                                       .stamp = stamp,
                                       .expires = m_clock.now() + m_settings.marker_age(),
                                       .body = std::move(body)});
}

std::optional<Epoch> Feed::begin_epoch(const std::optional<FeedPlace>& marker, Time began) {
  const Witness old = witness();
  if (old.is_there && !is_over(old, marker, began)) return std::nullopt;
  // Greater than any before it, whatever the clocks say: what a slow process still writes is less.
  auto epoch = static_cast<Epoch>(began.time_since_epoch().count());
  epoch = std::max({epoch, m_epoch.load() + 1, marker ? marker->epoch + 1 : 0});
  if (old.epoch) epoch = std::max(epoch, *old.epoch + 1);
  if (!(old.is_there ? succeed(old, marker, epoch) : add_witness(epoch))) return std::nullopt;
  m_log.write(LogLevel::info, general_log,
              "the cache is new or lost its memory, or the ids of innkeeper_ended begin anew: it "
              "begins empty");
  return epoch;
}

// A witness other than the marker's is one that another process has just put, unless it is old:
// then that process died before it wrote the marker.
bool Feed::is_over(const Witness& old, const std::optional<FeedPlace>& marker, Time began) const {
  if (!old.epoch || (marker && *old.epoch == marker->epoch)) return true;
  const auto born = Time(Duration(static_cast<Duration::rep>(*old.epoch)));
  // As long ahead, it is from before the clock was set back.
  return std::chrono::abs(began - born) > m_settings.feed_memory;
}

// Of several that find none at once, one adds.
bool Feed::add_witness(Epoch epoch) {
  const std::string where = m_cache.key("epoch");
  return m_cache.port().add(where, sealed_witness(where, epoch), m_settings.marker_age());
}

bool Feed::succeed(const Witness& old, const std::optional<FeedPlace>& judged, Epoch epoch) {
  const Time claimed = m_clock.now();
  const std::string claim = m_cache.key(name_of_claim(old.epoch.value_or(unreadable)));
  // Who dies now holds the others up for as long as the claim lives; they ask the database.
  const Seconds lifetime = m_settings.longest_fill + Seconds(1);
  if (!m_cache.port().add(claim, sealed(claim, {epoch, 0}, {}), lifetime)) return false;
  const bool unchanged = witness() == old && !was_followed(old, judged);
  // Slower than that, this may be another's claim by now.
  if (m_clock.now() - claimed > m_settings.longest_fill) return false;
  if (!unchanged) {
    m_cache.port().remove(claim);
    return false;
  }
  const std::string where = m_cache.key("epoch");
  const std::string value = sealed_witness(where, epoch);
  if (old.epoch && m_cache.port().compares())
    return m_cache.port().set_unless_newer(where, value, m_settings.marker_age());
  m_cache.port().set(where, value, m_settings.marker_age());
  return true;
}

// Whether the epoch has another marker than the one by which it was judged lost.
bool Feed::was_followed(const Witness& old, const std::optional<FeedPlace>& judged) {
  const auto place = place_in_cache();
  return place && place->epoch == old.epoch && !is_same(judged, *place);
}

std::string Feed::sealed_witness(const std::string& where, Epoch epoch) const {
  ByteWriter body(8);
  body.integer(epoch);
  return sealed(where, {epoch, 0}, body.take());
}

void Feed::write_marker(const FeedPlace& place, bool over_anything) {
  const std::string where = m_cache.key("feed");
  const std::string value = sealed(where, {place.epoch, place.round}, pack_place(place));
  if (m_cache.port().compares() && !over_anything) {
    m_cache.port().set_unless_newer(where, value, m_settings.marker_age());
  } else {
    m_cache.port().set(where, value, m_settings.marker_age());
  }
}

}  // namespace innkeeper::engine
