#include "web/admin/list_query.h"

#include <gtest/gtest.h>

namespace innkeeper::web {
namespace {

ListQuery read(std::string query) {
  http::Request request;
  request.query = std::move(query);
  return ListQuery::read(request);
}

const std::string id(40, 'a');

TEST(ListQuery, IsWrittenAsItWasRead) {
  const ListQuery query = read("q=+zo%C3%AB+&validity=active&owner=user&user=42");
  EXPECT_EQ(query.search, "zoë");
  EXPECT_EQ(query.url(), "/admin/sessions/?q=zo%C3%AB&validity=active&owner=user&user=42");
  EXPECT_EQ(read("").url(), "/admin/sessions/");
  EXPECT_FALSE(read("").filtered());
}

TEST(ListQuery, TakesWhatItDoesNotKnowAsNotSaid) {
  const ListQuery query = read("validity=dead&owner=%00&after=junk&before=&x=y");
  EXPECT_FALSE(query.filtered());
  EXPECT_TRUE(query.place.is_start());
}

TEST(ListQuery, ForgetsThePlaceWhenAFilterChanges) {
  ListQuery query = read("q=a");
  query.place.after = store::SessionCursor{Time(Duration(1)), *session::SessionId::parse(id)};
  EXPECT_EQ(query.with_validity("expired").url(), "/admin/sessions/?q=a&validity=expired");
  EXPECT_EQ(query.with_search("").url(), "/admin/sessions/");
}

TEST(Cursor, IsReadBackAsItWas) {
  const store::SessionCursor cursor{Time(Duration(4102444800123456)),
                                    *session::SessionId::parse(id)};
  const auto again = parse_cursor(cursor_text(cursor));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->position, cursor.position);
  EXPECT_EQ(again->id, cursor.id);
}

TEST(Cursor, OfSomebodyElseIsNone) {
  for (const char* text : {"", "a", "MTox", "OjE", "%%%", "MTIzOg", "////"}) {
    EXPECT_FALSE(parse_cursor(text)) << text;
  }
  EXPECT_FALSE(parse_cursor(std::string(1000, 'M')));
}

}  // namespace
}  // namespace innkeeper::web
