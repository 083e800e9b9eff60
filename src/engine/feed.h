// Following the feed of ended sessions (the table innkeeper_ended), on behalf of a cache.
//
// How far a cache has followed stands in the cache itself, in the marker: every process that uses
// the cache reads it, and whoever finds it older than the interval reads the feed once, buries what
// was ended, and moves the marker on. A copy from the cache is believed only while the process's
// view of the marker is younger than the interval. So nothing that was ended is served for longer
// than that, whoever ended it, and a cache costs one indexed read an interval.
//
// Beside the marker stands the epoch's witness, put once, when the epoch begins: where it is
// missing or another's, the cache has lost what was buried since, and a marker that a slow process
// still wrote is worth nothing. Put anew while the epoch goes on, as the marker is, it would be
// worth as little. So it lives for a year, longer than every entry beside it. Of several processes
// that want to begin an epoch at once, one does: see feed_epoch.cc.
//
// Ids may commit out of order: ids that are missing between those seen are watched as gaps until
// they appear or no transaction can be that old. A marker that is missing, older than the feed's
// memory, or gone back in time belongs to a cache that lost something: a new epoch begins, and no
// older copy is believed again. So it does where the ids of the table begin anew (TRUNCATE, a
// recreated file): where the row that was read last is another's, or no id is as high.
//
// What was buried is looked at once more a little later: a cache may drop a tombstone, and who read
// the row before its end then puts the copy that the tombstone would have kept out. Only what came
// back is buried again, and a follow spends little of its interval on that: a mass end is gone
// through by and by.
//
// Markers are ordered by the round of their read, never by a clock: one that was set back would
// keep the marker in its place for as long.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "engine/session_cache.h"
#include "engine/settings.h"
#include "store/connection.h"
#include "store/ended_table.h"
#include "store/session_table.h"

namespace innkeeper::engine {

struct FeedSpan {
  store::FeedRange ids;
  Time since;
  bool operator==(const FeedSpan&) const = default;
};

// Whether a cache has to hear of it. A purge of a million expired sessions must not fill it: their
// copies end by themselves.
inline bool tells_a_cache(const store::FeedRow& row) {
  return row.reason != store::Reason::expired;
}

// How far a cache has followed.
struct FeedPlace {
  Epoch epoch = 0;
  std::uint64_t round = 0;  // which read of the feed in this epoch it was: clocks are set back
  Time followed_at{};       // when that read began
  std::int64_t after = 0;   // every id up to this was seen, but for the gaps
  std::optional<SessionId> last;  // whose end stands at `after`, as far as that is known
  std::vector<FeedSpan> gaps;     // missing; since they were first
  std::vector<FeedSpan> again;    // told to the cache, and since when: to be looked at once more

  // Notes that these rows were seen (in order of id): moves `after`, opens and fills gaps.
  // Those that told a cache something are to be looked at again.
  void note(const std::vector<store::FeedRow>& rows, Time now);
  // Forgets gaps that no transaction can fill any more, and joins the nearest spans where there are
  // too many.
  void forget_gaps(Time before);
  // What is to be looked at again by now, `age` after it was told; and that it was, up to that id.
  std::vector<store::FeedRange> due(Time now, Duration age) const;
  void looked_again(Time now, Duration age, std::int64_t last_id);
};

// The marker's body, and back (nothing where the bytes are not exactly that).
std::string pack_place(const FeedPlace& place);
std::optional<FeedPlace> unpack_place(std::string_view bytes);

class Feed {
 public:
  // References must outlive this. Thread-safe; no lock is held across a call to the cache or the
  // database: one thread follows, others meanwhile go to the database.
  Feed(SessionCache& cache, store::Database& database, const Settings& settings, const Clock& clock,
       Log& log);

  // The epoch whose copies may be believed now; follows the feed first where it is due. Nothing
  // where the cache or the database cannot be asked, or another thread is just following. Call it
  // without holding a connection.
  std::optional<Epoch> epoch();
  // The same without asking anybody: nothing where following is due.
  std::optional<Epoch> known_epoch() const;
  // The epoch that the cache itself says it is in, by its witness; nothing where it lost its
  // memory. Throws CacheError where it cannot be asked.
  std::optional<Epoch> epoch_in_cache();
  // The last epoch known, however old: where to leave a tombstone or an announcement.
  Epoch last_epoch() const { return m_epoch.load(); }
  // Follows now if half the interval is over, or the cache was distrusted.
  void follow();
  // The cache could not be told of a change: what it holds is believed again only after this
  // process has followed the feed, however lately another did.
  void distrust();

 private:
  bool is_distrusted() const { return m_distrusts.load() != m_overcome.load(); }
  bool is_fresh(Time followed_at, Duration within) const;
  void follow_once();
  // Where the cache is after following; nothing where it cannot be followed now.
  std::optional<FeedPlace> catch_up(const std::optional<FeedPlace>& marker, Time began);
  // False where the ids began anew: nothing was told then.
  bool read_feed(store::EndedTable& table, store::SessionTable& sessions, FeedPlace& place);
  void look_again(store::EndedTable& table, store::SessionTable& sessions, FeedPlace& place);
  // The second look tells only what has come back.
  enum class Look { first, second };
  void bury(Epoch epoch, const SessionId& id, Look look);
  void tell(store::SessionTable& sessions, const std::vector<store::FeedRow>& rows, Epoch epoch,
            Look look);
  void outdate(store::SessionTable& sessions, const std::set<SessionId>& changed, Epoch epoch,
               Look look);
  bool is_lost(const std::optional<FeedPlace>& marker, Time began) const;
  void adopt(const FeedPlace& place);

  // --- feed_epoch.cc ---
  // The marker, if its epoch is alive.
  std::optional<FeedPlace> read_marker();
  // The marker as it stands there.
  std::optional<FeedPlace> place_in_cache();
  // `over_anything`: what is there is no marker of ours, whatever its stamp.
  void write_marker(const FeedPlace& place, bool over_anything);
  // Whether the epoch's witness is there, and nobody about to follow it with another. Ask after the
  // marker was read or written.
  bool is_alive(Epoch epoch);
  struct Witness {
    std::optional<Epoch> epoch{};  // nothing where what is there cannot be read
    bool is_there = false;
    bool operator==(const Witness&) const = default;
  };
  Witness witness();
  // Nothing where another process was quicker.
  std::optional<Epoch> begin_epoch(const std::optional<FeedPlace>& marker, Time began);
  bool is_over(const Witness& old, const std::optional<FeedPlace>& marker, Time began) const;
  bool add_witness(Epoch epoch);
  // Puts the witness of `epoch` in the place of `old`, which `judged` shows to be over; false where
  // another does.
  bool succeed(const Witness& old, const std::optional<FeedPlace>& judged, Epoch epoch);
  bool was_followed(const Witness& old, const std::optional<FeedPlace>& judged);
  std::optional<std::string> read_entry(const std::string& where);
  std::optional<std::string> open_entry(const std::string& where, const std::string& value);
  std::string sealed(const std::string& where, cache::Stamp stamp, std::string body) const;
  std::string sealed_witness(const std::string& where, Epoch epoch) const;

  SessionCache& m_cache;
  store::Database& m_database;
  const Settings& m_settings;
  const Clock& m_clock;
  Log& m_log;
  std::atomic<Epoch> m_epoch{0};
  std::atomic<Duration::rep> m_followed_at{0};
  std::atomic<bool> m_following{false};
  std::uint64_t m_round = 0;  // of m_epoch, as last seen; for the thread that follows
  std::atomic<std::uint64_t> m_distrusts{0};  // how often distrust() was called
  std::atomic<std::uint64_t> m_overcome{0};   // and how many of them a later follow has made good
};

}  // namespace innkeeper::engine
