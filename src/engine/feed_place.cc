#include <algorithm>

#include "engine/bytes.h"
#include "engine/feed.h"

namespace innkeeper::engine {

namespace {

constexpr std::size_t most_gaps = 32;

std::uint64_t bits(std::int64_t number) { return static_cast<std::uint64_t>(number); }
std::int64_t number(std::uint64_t bits) { return static_cast<std::int64_t>(bits); }

// Takes one id out of the gap it lies in: the gap shrinks, splits or goes.
void fill_gap(std::vector<FeedGap>& gaps, std::int64_t id) {
  const auto gap = std::find_if(gaps.begin(), gaps.end(), [id](const FeedGap& g) {
    return g.ids.first <= id && id <= g.ids.last;
  });
  if (gap == gaps.end()) return;
  const FeedGap whole = *gap;
  const auto after = gaps.erase(gap);
  std::vector<FeedGap> rest;
  if (whole.ids.first < id) rest.push_back({{whole.ids.first, id - 1}, whole.since});
  if (id < whole.ids.last) rest.push_back({{id + 1, whole.ids.last}, whole.since});
  gaps.insert(after, rest.begin(), rest.end());
}

// Joins the two neighbours with the least between them: what lies between is read again, which does
// no harm.
void join_nearest(std::vector<FeedGap>& gaps) {
  std::size_t nearest = 1;
  for (std::size_t i = 2; i < gaps.size(); ++i) {
    const auto distance = [&](std::size_t k) { return gaps[k].ids.first - gaps[k - 1].ids.last; };
    if (distance(i) < distance(nearest)) nearest = i;
  }
  FeedGap& left = gaps[nearest - 1];
  left.ids.last = gaps[nearest].ids.last;
  left.since = std::max(left.since, gaps[nearest].since);
  gaps.erase(gaps.begin() + static_cast<std::ptrdiff_t>(nearest));
}

}  // namespace

void FeedPlace::note(const std::vector<store::FeedRow>& rows, Time now) {
  for (const store::FeedRow& row : rows) {
    if (row.id == after) last = row.session_key;
    if (row.id <= after) {
      fill_gap(gaps, row.id);
      continue;
    }
    if (row.id > after + 1) gaps.push_back({{after + 1, row.id - 1}, now});
    after = row.id;
    last = row.session_key;
  }
}

void FeedPlace::forget_gaps(Time before) {
  std::erase_if(gaps, [before](const FeedGap& gap) { return gap.since < before; });
  while (gaps.size() > most_gaps) join_nearest(gaps);
}

std::string pack_place(const FeedPlace& place) {
  ByteWriter out(90 + place.gaps.size() * 24);
  out.integer(place.epoch);
  out.integer(place.round);
  out.integer(bits(place.followed_at.time_since_epoch().count()));
  out.integer(bits(place.after));
  out.text(place.last ? place.last->text() : std::string());
  out.integer(place.gaps.size());
  for (const FeedGap& gap : place.gaps) {
    out.integer(bits(gap.ids.first));
    out.integer(bits(gap.ids.last));
    out.integer(bits(gap.since.time_since_epoch().count()));
  }
  return out.take();
}

std::optional<FeedPlace> unpack_place(std::string_view bytes) {
  ByteReader in(bytes);
  FeedPlace place;
  place.epoch = in.integer();
  place.round = in.integer();
  place.followed_at = Time(Duration(number(in.integer())));
  place.after = number(in.integer());
  place.last = SessionId::parse(in.text());
  const std::uint64_t gaps = in.integer();
  for (std::uint64_t i = 0; i < gaps && in.ok(); ++i) {
    FeedGap gap;
    gap.ids.first = number(in.integer());
    gap.ids.last = number(in.integer());
    gap.since = Time(Duration(number(in.integer())));
    place.gaps.push_back(gap);
  }
  if (!in.at_end()) return std::nullopt;
  return place;
}

}  // namespace innkeeper::engine
