#include "engine/session_cache.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "engine/snapshot.h"

namespace innkeeper::engine {

namespace {

constexpr std::chrono::minutes report_interval{1};

// A touch raises the order within one version; an announcement is above every touch of it.
constexpr std::uint64_t above_every_touch = std::numeric_limits<std::uint64_t>::max();
// What replaces everything of older versions, and nothing of this one.
constexpr std::uint64_t below_every_copy = 0;

std::uint64_t unsigned_of(std::int64_t number) { return static_cast<std::uint64_t>(number); }

cache::Stamp stamp_of(const Snapshot& snapshot) {
  return {unsigned_of(snapshot.version),
          unsigned_of(snapshot.last_activity.time_since_epoch().count())};
}

}  // namespace

SessionCache::SessionCache(cache::Cache& cache, const Settings& settings, const Clock& clock,
                           Log& log)
    : m_cache(cache),
      m_settings(settings),
      m_clock(clock),
      m_log(log),
      m_sealer(settings.keys.secret_key, settings.keys.fallbacks) {}

SessionCache::Lookup SessionCache::get(Epoch epoch, const SessionId& id) {
  const std::string where = slot(epoch, id);
  std::optional<std::string> value;
  try {
    value = m_cache.get(where);
  } catch (const CacheError& error) {
    report("reading", error);
    return {Found::tombstone};
  }
  if (!value) return {Found::nothing};
  auto opened = m_sealer.open(where, *value, m_clock.now());
  if (!opened.entry) {
    refuse(opened.refusal);
    // What is there would stop a fill from adding: a save or its own end clears it.
    return {Found::tombstone};
  }
  if (opened.entry->kind != cache::EntryKind::session) return {Found::tombstone};
  auto copy = unpack_snapshot(id, opened.entry->body);
  if (!copy) return {Found::tombstone};
  return {Found::copy, std::move(copy)};
}

bool SessionCache::fill(Epoch epoch, const Snapshot& snapshot, Time began) {
  const Seconds lifetime = copy_lifetime(snapshot);
  if (lifetime <= Seconds(0) || m_clock.now() - began > m_settings.longest_fill) return false;
  const std::string where = slot(epoch, snapshot.id);
  try {
    return m_cache.add(where, sealed_copy(where, snapshot), lifetime) && is_late(began);
  } catch (const CacheError& error) {
    report("filling", error);
    return false;
  }
}

bool SessionCache::is_late(Time began) const {
  const Duration took = m_clock.now() - began;
  return took > m_settings.quick_put() || took < Duration(0);  // the clock was set back
}

void SessionCache::take_back(Epoch epoch, const Snapshot& snapshot) {
  if (!m_cache.compares()) return bury_old_reads(epoch, snapshot.id);
  put_tombstone(epoch, snapshot.id, stamp_of(snapshot), m_settings.tombstone_age());
}

void SessionCache::announce(Epoch epoch, const SessionId& id, std::int64_t version) {
  put_tombstone(epoch, id, {unsigned_of(version), above_every_touch}, m_settings.tombstone_age());
}

bool SessionCache::store(Epoch epoch, const Snapshot& snapshot, Time began) {
  if (!m_cache.compares()) {
    bury_old_reads(epoch, snapshot.id);
    return false;
  }
  const Seconds lifetime = copy_lifetime(snapshot);
  if (lifetime <= Seconds(0)) return false;  // the announcement stands in the slot
  const std::string where = slot(epoch, snapshot.id);
  if (m_cache.set_unless_newer(where, sealed_copy(where, snapshot), lifetime))
    return is_late(began);
  // There is something newer, which stays, or the copy was too large and took the announcement
  // along, which kept older ones out.
  put_tombstone(epoch, snapshot.id, {unsigned_of(snapshot.version), below_every_copy},
                m_settings.tombstone_age());
  return false;
}

bool SessionCache::refresh(Epoch epoch, const Snapshot& snapshot, Time seen) {
  if (m_clock.now() - seen > m_settings.longest_fill) return false;
  try {
    return store(epoch, snapshot, snapshot.last_activity);
  } catch (const CacheError& error) {
    report("writing", error);
    return false;
  }
}

bool SessionCache::holds_older(Epoch epoch, const SessionId& id, cache::Stamp than) {
  const auto value = m_cache.get(slot(epoch, id));
  if (!value) return false;
  const auto stamp = cache::stamp_of(*value);
  return !stamp || *stamp < than;
}

void SessionCache::outdate(Epoch epoch, const SessionId& id, std::int64_t version) {
  if (!m_cache.compares()) return bury_old_reads(epoch, id);
  put_tombstone(epoch, id, {unsigned_of(version), below_every_copy}, m_settings.tombstone_age());
}

void SessionCache::bury(Epoch epoch, const SessionId& id) {
  put_tombstone(epoch, id, cache::newest_stamp, m_settings.tombstone_age());
}

void SessionCache::bury_old_reads(Epoch epoch, const SessionId& id) {
  put_tombstone(epoch, id, cache::newest_stamp, m_settings.longest_fill + Seconds(1));
}

void SessionCache::put_tombstone(Epoch epoch, const SessionId& id, cache::Stamp stamp,
                                 Seconds lifetime) {
  const std::string where = slot(epoch, id);
  const std::string tombstone = m_sealer.seal(where, {.kind = cache::EntryKind::tombstone,
                                                      .stamp = stamp,
                                                      .expires = m_clock.now() + lifetime,
                                                      .body = {}});
  if (m_cache.compares()) {
    m_cache.set_unless_newer(where, tombstone, lifetime);
  } else {
    m_cache.set(where, tombstone, lifetime);
  }
}

std::string SessionCache::key(std::string_view name) const {
  return m_settings.cache_namespace + ':' + std::string(name);
}

std::string SessionCache::slot(Epoch epoch, const SessionId& id) const {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), epoch, 16).ptr;
  std::string where;
  where.reserve(m_settings.cache_namespace.size() + digits.size() + 2 + SessionId::length);
  where.append(m_settings.cache_namespace)
      .append(1, ':')
      .append(digits.data(), end)
      .append(1, ':')
      .append(id.text());
  return where;
}

std::string SessionCache::sealed_copy(const std::string& slot, const Snapshot& snapshot) const {
  return m_sealer.seal(slot, {.kind = cache::EntryKind::session,
                              .stamp = stamp_of(snapshot),
                              .expires = m_clock.now() + copy_lifetime(snapshot),
                              .body = pack_snapshot(snapshot)});
}

Seconds SessionCache::copy_lifetime(const Snapshot& snapshot) const {
  // Its payload was refused: a key that is put right must be noticed by the next reader.
  if (snapshot.content.empty()) return Seconds(0);
  const auto left = std::chrono::floor<Seconds>(snapshot.expire_date - m_clock.now());
  return std::min(left, m_settings.cache_age);
}

void SessionCache::refuse(cache::EntrySealer::Refusal refusal) {
  if (refusal != cache::EntrySealer::Refusal::forged) return;
  m_log.write(LogLevel::warning, security_log,
              "an entry in the cache carries no valid seal; it was ignored. Somebody wrote into "
              "the cache, or a site with "
              "another SECRET_KEY shares it: give each its own SESSION_CACHE_NAMESPACE");
}

void SessionCache::report(const char* doing, const CacheError& error) {
  const auto now = m_clock.now().time_since_epoch().count();
  auto last = m_last_report.load();
  const auto since = now - last;  // less than nothing: the clock was set back
  if ((since >= 0 && since < Duration(report_interval).count()) ||
      !m_last_report.compare_exchange_strong(last, now))
    return;
  m_log.write(LogLevel::warning, general_log,
              std::string("going on without the cache: ") + doing + " it failed: " + error.what());
}

}  // namespace innkeeper::engine
