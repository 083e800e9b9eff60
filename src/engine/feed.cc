#include "engine/feed.h"

#include <algorithm>

#include "base/error.h"

namespace innkeeper::engine {

namespace {

constexpr int rows_a_read = 5000;
constexpr int rows_a_second_look = 250;

std::vector<store::FeedRange> ranges_of(const std::vector<FeedSpan>& spans) {
  std::vector<store::FeedRange> ranges;
  for (const FeedSpan& span : spans) ranges.push_back(span.ids);
  return ranges;
}

// Whose row has that id, and takes it out of `rows`.
std::optional<SessionId> take_out(std::vector<store::FeedRow>& rows, std::int64_t id) {
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [id](const store::FeedRow& other) { return other.id == id; });
  if (row == rows.end()) return std::nullopt;
  SessionId whose = std::move(row->session_key);
  rows.erase(row);
  return whose;
}

// Whether the table is the one that `place` is about: `last` is whose row it saw last, or it was
// removed, and a later one stays (EndedTable::purge leaves the newest).
bool goes_on(const FeedPlace& place, const std::optional<SessionId>& last,
             store::EndedTable& table) {
  if (place.after == 0) return true;
  if (last) return !place.last || *last == *place.last;
  const auto extent = table.extent();
  return extent && extent->last >= place.after;
}

// Lets one thread through, and lets go of the place whatever happens.
class OnlyOne {
 public:
  explicit OnlyOne(std::atomic<bool>& taken) : m_taken(taken), m_mine(!taken.exchange(true)) {}
  OnlyOne(const OnlyOne&) = delete;
  OnlyOne& operator=(const OnlyOne&) = delete;
  ~OnlyOne() {
    if (m_mine) m_taken.store(false);
  }
  explicit operator bool() const { return m_mine; }

 private:
  std::atomic<bool>& m_taken;
  bool m_mine;
};

}  // namespace

Feed::Feed(SessionCache& cache, store::Database& database, const Settings& settings,
           const Clock& clock, Log& log)
    : m_cache(cache), m_database(database), m_settings(settings), m_clock(clock), m_log(log) {}

std::optional<Epoch> Feed::epoch() {
  follow();
  return known_epoch();
}

std::optional<Epoch> Feed::known_epoch() const {
  // The time first: an epoch that is newer than the time belongs to is as good.
  const Time followed_at{Duration(m_followed_at.load())};
  if (is_distrusted() || !is_fresh(followed_at, m_settings.feed_interval)) return std::nullopt;
  return m_epoch.load();
}

void Feed::distrust() { ++m_distrusts; }

void Feed::follow() {
  if (!is_distrusted() &&
      is_fresh(Time(Duration(m_followed_at.load())), m_settings.feed_interval / 2))
    return;
  const OnlyOne mine(m_following);
  if (!mine) return;
  try {
    follow_once();
  } catch (const CacheError& error) {
    m_cache.report("following the ended sessions in", error);
  } catch (const StoreError&) {
    // The caller's own read of the database, which now follows, says what is wrong with it.
  }
}

bool Feed::is_fresh(Time followed_at, Duration within) const {
  const Duration age = m_clock.now() - followed_at;
  return age < within && age > -within;  // another machine's clock may be a little ahead
}

void Feed::follow_once() {
  const Time began = m_clock.now();
  const std::uint64_t distrusts = m_distrusts.load();
  const auto marker = read_marker();
  const bool others_will_do = distrusts == m_overcome.load();
  if (others_will_do && marker && is_fresh(marker->followed_at, m_settings.feed_interval / 2))
    return adopt(*marker);
  const auto place = catch_up(marker, began);
  if (!place) return;  // another process is just beginning an epoch
  write_marker(*place, !marker);
  // The cache may have lost its memory, and what was buried, since the marker was read, or somebody
  // may take the epoch for lost. Where another wrote a later marker of this epoch, this thread has
  // done as much itself.
  if (!is_alive(place->epoch)) return;
  adopt(*place);
  m_overcome.store(distrusts);
}

std::optional<FeedPlace> Feed::catch_up(const std::optional<FeedPlace>& marker, Time began) {
  const auto connection = m_database.connect(store::Access::read);
  if (connection->in_foreign_transaction()) return std::nullopt;
  store::EndedTable table(*connection, m_settings.users.key_type);
  store::SessionTable sessions(*connection, m_settings.users.key_type);
  std::optional<FeedPlace> place;
  if (!is_lost(marker, began)) {
    place = *marker;
    ++place->round;
    place->followed_at = began;
    if (read_feed(table, sessions, *place))
      look_again(table, sessions, *place);
    else
      place.reset();
  }
  if (!place) {
    // First the place, then the epoch: what ends once copies of the epoch can be is read below.
    place = FeedPlace{.followed_at = began,
                      .after = table.last_before(began - m_settings.longest_transaction)};
    const auto epoch = begin_epoch(marker, began);
    if (!epoch) return std::nullopt;
    place->epoch = *epoch;
    read_feed(table, sessions, *place);
  }
  place->forget_gaps(began - m_settings.longest_transaction);
  return place;
}

bool Feed::read_feed(store::EndedTable& table, store::SessionTable& sessions, FeedPlace& place) {
  for (bool first = true, full = true; full; first = false) {
    // With the row that was the last: it shows that the ids are still the same ones.
    auto rows = table.feed(place.after - 1, ranges_of(place.gaps), rows_a_read);
    full = rows.size() == rows_a_read;
    const Time seen = m_clock.now();
    auto last = take_out(rows, place.after);
    if (first && !goes_on(place, last, table)) return false;
    if (last) place.last = std::move(last);
    tell(sessions, rows, place.epoch, Look::first);
    place.note(rows, seen);
  }
  return true;
}

// Little of the interval is spent on it, and progress made each time.
void Feed::look_again(store::EndedTable& table, store::SessionTable& sessions, FeedPlace& place) {
  const Duration age = m_settings.second_look();
  for (;;) {
    const auto due = place.due(place.followed_at, age);
    if (due.empty()) return;
    const auto rows = table.feed(place.after, due, rows_a_second_look);
    tell(sessions, rows, place.epoch, Look::second);
    const bool all = rows.size() < rows_a_second_look;
    place.looked_again(place.followed_at, age, all ? place.after : rows.back().id);
    if (m_clock.now() - place.followed_at > m_settings.feed_interval / 4) return;
  }
}

void Feed::bury(Epoch epoch, const SessionId& id, Look look) {
  if (look == Look::first || m_cache.holds_older(epoch, id, cache::newest_stamp))
    m_cache.bury(epoch, id);
}

void Feed::tell(store::SessionTable& sessions, const std::vector<store::FeedRow>& rows, Epoch epoch,
                Look look) {
  std::set<SessionId> changed;
  for (const store::FeedRow& row : rows) {
    if (!tells_a_cache(row)) continue;
    if (row.reason == store::Reason::changed)
      changed.insert(row.session_key);
    else
      bury(epoch, row.session_key, look);
  }
  if (!changed.empty()) outdate(sessions, changed, epoch, look);
}

// By its version, asked for after the row of the feed was there: the saver's own cache keeps the
// copy that it has of this save.
void Feed::outdate(store::SessionTable& sessions, const std::set<SessionId>& changed, Epoch epoch,
                   Look look) {
  std::set<SessionId> gone = changed;
  for (const auto& [id, version] :
       sessions.versions(std::vector<SessionId>(changed.begin(), changed.end()))) {
    gone.erase(id);
    const cache::Stamp stamp{static_cast<std::uint64_t>(version), 0};
    if (look == Look::first || m_cache.holds_older(epoch, id, stamp))
      m_cache.outdate(epoch, id, version);
  }
  for (const SessionId& id : gone) bury(epoch, id, look);
}

bool Feed::is_lost(const std::optional<FeedPlace>& marker, Time began) const {
  if (!marker) return true;
  Time followed_at = marker->followed_at;
  if (m_cache.port().compares() && marker->epoch == m_epoch.load()) {
    // An older marker than this process has seen: the cache was put back to an earlier state.
    if (marker->round < m_round) return true;
    // Whoever moved it on may have a clock that is behind.
    followed_at = std::max(followed_at, Time(Duration(m_followed_at.load())));
  }
  return began - followed_at > m_settings.feed_memory;
}

void Feed::adopt(const FeedPlace& place) {
  m_followed_at.store(0);
  m_epoch.store(place.epoch);
  m_round = place.round;
  m_followed_at.store(place.followed_at.time_since_epoch().count());
}

}  // namespace innkeeper::engine
