#include "session/merge.h"

#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

namespace innkeeper::session {
namespace {

TEST(Merge, KeepsChangesToDifferentMembers) {
  const Fields base{{"cart", "[1]"}, {"theme", "\"light\""}};
  const Fields theirs{{"cart", "[1,2]"}, {"theme", "\"light\""}};
  const Fields mine{{"cart", "[1]"}, {"theme", "\"dark\""}};
  EXPECT_EQ(merge(base, theirs, mine), (Fields{{"cart", "[1,2]"}, {"theme", "\"dark\""}}));
}

TEST(Merge, LetsTheLaterSaveWinOnTheSameMember) {
  EXPECT_EQ(merge({{"a", "0"}}, {{"a", "1"}}, {{"a", "2"}}), (Fields{{"a", "2"}}));
  EXPECT_EQ(merge({}, {{"a", "1"}}, {{"a", "2"}}), (Fields{{"a", "2"}}));
}

TEST(Merge, LetsARemovalWinOverAnUnchangedValue) {
  EXPECT_EQ(merge({{"a", "0"}}, {}, {{"a", "0"}}), Fields{});
  EXPECT_EQ(merge({{"a", "0"}}, {{"a", "0"}}, {}), Fields{});
}

TEST(Merge, LetsAChangeWinOverARemovalOnlyWhereItIsMine) {
  EXPECT_EQ(merge({{"a", "0"}}, {}, {{"a", "2"}}), (Fields{{"a", "2"}}));
  EXPECT_EQ(merge({{"a", "0"}}, {{"a", "1"}}, {}), Fields{});
}

// A flag that is taken back to its first value is no change against the base, and must not undo
// theirs.
TEST(Merge, ComparesWithTheCommonBaseOnly) {
  EXPECT_EQ(merge({{"a", "0"}}, {{"a", "1"}}, {{"a", "0"}}), (Fields{{"a", "1"}}));
}

TEST(Merge, PutsMyNewMembersAfterTheirsInMyOrder) {
  const Fields theirs{{"b", "1"}, {"x", "1"}, {"a", "1"}};
  const Fields mine{{"d", "2"}, {"a", "1"}, {"c", "2"}, {"b", "1"}};
  EXPECT_EQ(merge({{"a", "1"}, {"b", "1"}}, theirs, mine),
            (Fields{{"b", "1"}, {"x", "1"}, {"a", "1"}, {"d", "2"}, {"c", "2"}}));
}

TEST(Merge, OfOneSidedChangesIsThatSide) {
  const Fields base{{"a", "1"}, {"b", "2"}}, changed{{"b", "3"}, {"c", "4"}};
  EXPECT_EQ(merge(base, changed, base), changed);
  EXPECT_EQ(merge(base, base, base), base);
  EXPECT_EQ(merge(base, changed, changed), changed);
}

// Random edits on both sides of a random base; small names and values, so that they often meet.
class RandomEdits {
 public:
  Fields payload() {
    Fields fields;
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
      if (below(2) == 0) fields.push_back({name, std::to_string(below(3))});
    }
    std::shuffle(fields.begin(), fields.end(), m_engine);
    return fields;
  }
  unsigned below(unsigned end) { return static_cast<unsigned>(m_engine() % end); }

 private:
  std::mt19937 m_engine{7};
};

using Values = std::map<std::string, std::string>;
Values values(const Fields& fields) {
  Values values;
  for (const Field& field : fields) values[field.name] = field.value;
  return values;
}

std::string value_in(const Values& values, const std::string& name) {
  const auto at = values.find(name);
  return at == values.end() ? "absent" : at->second;
}

TEST(Merge, LosesNoChange) {
  RandomEdits edits;
  for (int round = 0; round < 20'000; ++round) {
    const Fields base = edits.payload(), theirs = edits.payload(), mine = edits.payload();
    const Fields merged = merge(base, theirs, mine);
    const Values b = values(base), t = values(theirs), m = values(mine), result = values(merged);
    ASSERT_EQ(result.size(), merged.size()) << "a name came twice";
    for (const std::string name : {"a", "b", "c", "d", "e", "f"}) {
      const std::string was = value_in(b, name), now = value_in(result, name);
      if (value_in(m, name) != was) {
        ASSERT_EQ(now, value_in(m, name)) << "my change of " << name << " was lost";
      } else {
        ASSERT_EQ(now, value_in(t, name)) << "their change of " << name << " was lost";
      }
    }
  }
}

// Two savers after each other: whoever comes last has both changes, and a third save from the
// merged text is clean.
TEST(Merge, CanBeRepeated) {
  RandomEdits edits;
  for (int round = 0; round < 5000; ++round) {
    const Fields base = edits.payload(), theirs = edits.payload(), mine = edits.payload();
    const Fields merged = merge(base, theirs, mine);
    ASSERT_EQ(merge(base, merged, mine), merged);
    ASSERT_EQ(merge(merged, merged, merged), merged);
  }
}

TEST(Merge, TakesManyMembersInItsStride) {
  Fields base;
  for (int i = 0; i < 50'000; ++i) base.push_back({std::to_string(i), "0"});
  Fields theirs = base, mine = base;
  theirs[10].value = "1";
  mine[40'000].value = "2";
  const Fields merged = merge(base, theirs, mine);
  ASSERT_EQ(merged.size(), base.size());
  EXPECT_EQ(merged[10].value, "1");
  EXPECT_EQ(merged[40'000].value, "2");
}

}  // namespace
}  // namespace innkeeper::session
