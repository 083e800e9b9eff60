#include <algorithm>

#include "engine/bytes.h"
#include "engine/feed.h"

namespace innkeeper::engine {

namespace {

constexpr std::size_t most_spans = 32;

std::uint64_t bits(std::int64_t number) { return static_cast<std::uint64_t>(number); }
std::int64_t number(std::uint64_t bits) { return static_cast<std::int64_t>(bits); }

// Takes one id out of the gap it lies in: the gap shrinks, splits or goes.
void fill_gap(std::vector<FeedSpan>& gaps, std::int64_t id) {
  const auto gap = std::find_if(gaps.begin(), gaps.end(), [id](const FeedSpan& g) {
    return g.ids.first <= id && id <= g.ids.last;
  });
  if (gap == gaps.end()) return;
  const FeedSpan whole = *gap;
  const auto after = gaps.erase(gap);
  std::vector<FeedSpan> rest;
  if (whole.ids.first < id) rest.push_back({{whole.ids.first, id - 1}, whole.since});
  if (id < whole.ids.last) rest.push_back({{id + 1, whole.ids.last}, whole.since});
  gaps.insert(after, rest.begin(), rest.end());
}

// Joins the two neighbours with the least between them: what lies between is read again, which does
// no harm.
void join_nearest(std::vector<FeedSpan>& spans) {
  std::size_t nearest = 1;
  for (std::size_t i = 2; i < spans.size(); ++i) {
    const auto distance = [&](std::size_t k) { return spans[k].ids.first - spans[k - 1].ids.last; };
    if (distance(i) < distance(nearest)) nearest = i;
  }
  FeedSpan& left = spans[nearest - 1];
  left.ids.last = spans[nearest].ids.last;
  left.since = std::max(left.since, spans[nearest].since);
  spans.erase(spans.begin() + static_cast<std::ptrdiff_t>(nearest));
}

// Adds `ids`, in order of id. What it overlaps becomes as late as they are: looked at later does no
// harm, earlier would be too early.
void watch(std::vector<FeedSpan>& spans, store::FeedRange ids, Time since) {
  const auto at = std::find_if(spans.begin(), spans.end(),
                               [ids](const FeedSpan& span) { return span.ids.last >= ids.first; });
  if (at == spans.end() || at->ids.first > ids.last) {
    spans.insert(at, {ids, since});
    return;
  }
  at->ids = {std::min(at->ids.first, ids.first), std::max(at->ids.last, ids.last)};
  at->since = since;
}

// A time that lies ahead is from before the clock was set back.
bool is_due(const FeedSpan& span, Time now, Duration age) {
  return std::chrono::abs(now - span.since) >= age;
}

void pack_spans(ByteWriter& out, const std::vector<FeedSpan>& spans) {
  out.integer(spans.size());
  for (const FeedSpan& span : spans) {
    out.integer(bits(span.ids.first));
    out.integer(bits(span.ids.last));
    out.integer(bits(span.since.time_since_epoch().count()));
  }
}

std::vector<FeedSpan> unpack_spans(ByteReader& in) {
  std::vector<FeedSpan> spans;
  const std::uint64_t count = in.integer();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    FeedSpan span;
    span.ids.first = number(in.integer());
    span.ids.last = number(in.integer());
    span.since = Time(Duration(number(in.integer())));
    spans.push_back(span);
  }
  return spans;
}

}  // namespace

void FeedPlace::note(const std::vector<store::FeedRow>& rows, Time now) {
  std::optional<store::FeedRange> told;
  for (const store::FeedRow& row : rows) {
    if (row.id <= after) {
      fill_gap(gaps, row.id);
      if (tells_a_cache(row)) watch(again, {row.id, row.id}, now);
      continue;
    }
    if (tells_a_cache(row)) told = store::FeedRange{told ? told->first : row.id, row.id};
    if (row.id > after + 1) gaps.push_back({{after + 1, row.id - 1}, now});
    after = row.id;
    last = row.session_key;
  }
  if (told) watch(again, *told, now);
}

std::vector<store::FeedRange> FeedPlace::due(Time now, Duration age) const {
  std::vector<store::FeedRange> ranges;
  for (const FeedSpan& span : again) {
    if (is_due(span, now, age)) ranges.push_back(span.ids);
  }
  return ranges;
}

void FeedPlace::looked_again(Time now, Duration age, std::int64_t last_id) {
  for (FeedSpan& span : again) {
    if (is_due(span, now, age)) span.ids.first = std::max(span.ids.first, last_id + 1);
  }
  std::erase_if(again, [](const FeedSpan& span) { return span.ids.first > span.ids.last; });
}

void FeedPlace::forget_gaps(Time before) {
  std::erase_if(gaps, [before](const FeedSpan& gap) { return gap.since < before; });
  while (gaps.size() > most_spans) join_nearest(gaps);
  while (again.size() > most_spans) join_nearest(again);
}

std::string pack_place(const FeedPlace& place) {
  ByteWriter out(100 + (place.gaps.size() + place.again.size()) * 24);
  out.integer(place.epoch);
  out.integer(place.round);
  out.integer(bits(place.followed_at.time_since_epoch().count()));
  out.integer(bits(place.after));
  out.text(place.last ? place.last->text() : std::string());
  pack_spans(out, place.gaps);
  pack_spans(out, place.again);
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
  place.gaps = unpack_spans(in);
  place.again = unpack_spans(in);
  if (!in.at_end()) return std::nullopt;
  return place;
}

}  // namespace innkeeper::engine
