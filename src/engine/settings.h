// What a site decides about its sessions. Names as in Django's settings where Django has them.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "codec/payload.h"
#include "session/expiry.h"
#include "store/user_table.h"
#include "user/password.h"

namespace innkeeper::engine {

// How payloads are serialised (SESSION_SERIALIZER): JSON can be read and merged, anything else is
// opaque bytes that are signed, verified and, on a conflict, replaced by the later save.
enum class Serializer { json, opaque };

struct Settings {
  codec::PayloadKeys keys;  // SECRET_KEY, SECRET_KEY_FALLBACKS, the salt
  codec::PayloadLimits payload_limits;
  Serializer serializer = Serializer::json;
  session::ExpiryPolicy expiry;  // SESSION_COOKIE_AGE, the timeouts
  std::vector<std::string> backends{
      "django.contrib.auth.backends.ModelBackend"};  // AUTHENTICATION_BACKENDS
  store::UserColumns users;
  user::PasswordPolicy passwords;

  Seconds activity_interval{
      60};                  // SESSION_ACTIVITY_INTERVAL: client and last_activity are written at
                            // most so often (a quarter of the idle timeout where that is less)
  Seconds cache_age{3600};  // SESSION_CACHE_AGE: the longest a copy stays in the cache
  std::string cache_namespace =
      "innkeeper";  // SESSION_CACHE_NAMESPACE: sites that share a cache have different ones
  std::chrono::milliseconds feed_interval{
      500};                  // how often a cache follows the feed; at most a second
  Seconds feed_memory{60};   // a cache that followed nothing for so long is emptied
  Seconds longest_fill{10};  // a read slower than this doesn't fill the cache
  Seconds longest_transaction{
      3600};                // how long a gap in the feed's ids is watched for a late commit
  bool feed_saves = false;  // SESSION_FEED_SAVES: every save goes into the feed, so that caches
                            // other than the saver's hear of it too
  Seconds history_age{30 * 86400};  // SESSION_HISTORY_AGE: how long ended sessions are kept

  // How long a tombstone stays: longer than any copy that may still be put, so that an eviction by
  // expiry takes copies before it.
  Seconds tombstone_age() const { return cache_age + longest_fill; }
  // How long the epoch's witness and its marker stay. An epoch has no end by its age, and the
  // witness can't be put anew (feed.h), so it is long, and longer than that of any entry beside
  // them: a full cache evicts first what expires first. Not for ever: a name that nobody uses any
  // more goes.
  Seconds marker_age() const { return tombstone_age() + std::chrono::days(365); }
  // Who put a copy later than this after it began to read or write the row looks at the row again:
  // a tombstone may have come and been evicted meanwhile.
  Duration quick_put() const { return Duration(feed_interval) / 2; }
  // How much later the feed looks once more at what it has buried: no quick put can follow.
  Duration second_look() const { return 2 * Duration(feed_interval); }
};

// Throws ConfigError, naming the setting, for what cannot be: an empty SECRET_KEY, no backend,
// password hashes that nobody would check, ages that are not positive, a feed_interval over a
// second, a longest_fill that outlives a tombstone or the feed's memory.
void check(const Settings& settings);

}  // namespace innkeeper::engine
