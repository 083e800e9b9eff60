// How a match becomes fields: ua-parser's Python semantics (ua_parser/matchers.py, utils.py).
#include "device/rule_book.h"

#include <gtest/gtest.h>

namespace innkeeper::device {
namespace {

RuleText rule(std::array<std::string_view, 5> parts) { return {"", false, parts}; }

const Groups groups{"whole", "Thing", "1", "2", "3", "4", "", "", "", ""};

TEST(FillBrowser, TakesGroupsWhereThereIsNoReplacement) {
  EXPECT_EQ(fill_browser(rule({}), groups), (Browser{"Thing", "1", "2", "3", "4"}));
}

TEST(FillBrowser, ReplacesTheFirstGroupInTheFamilyOnly) {
  EXPECT_EQ(fill_browser(rule({"My $1 $2", "$3", "", "", ""}), groups),
            (Browser{"My Thing $2", "$3", "2", "3", "4"}));
}

TEST(FillSystem, ReplacesEveryGroupInEveryPart) {
  EXPECT_EQ(fill_system(rule({"$1 X", "v$3", "$9", "", "7"}), groups),
            (System{"Thing X", "v2", "", "3", "7"}));
}

TEST(FillSystem, StripsAndDoesNotReplaceWhatAReplacementBrought) {
  const Groups sly{"", " $2 ", "secret", "", "", "", "", "", "", ""};
  EXPECT_EQ(fill_system(rule({}), sly).family, "$2");
}

TEST(FillHardware, HasAFamilyAndModelButNoBrandByDefault) {
  EXPECT_EQ(fill_hardware(rule({}), groups), (Hardware{"Thing", "", "Thing"}));
  EXPECT_EQ(fill_hardware(rule({"$1 $2", "$1", "$2", "", ""}), groups),
            (Hardware{"Thing 1", "Thing", "1"}));
}

RuleTexts three_rules() {
  RuleTexts rules;
  rules.sections[0] = {{"(Foo)/(\\d+)", false, {}}, {"Foo", false, {"Other Foo"}}};
  rules.sections[1] = {{"on (Bar)", false, {}}};
  rules.sections[2] = {{"(tv)", true, {"TV"}}};
  return rules;
}

TEST(RuleBook, LetsTheFirstMatchingRuleWin) {
  const RuleBook book(three_rules(), RuleBook::Check::all);
  Device device;
  book.read("Foo/7 on Bar TV", device);
  EXPECT_EQ(device.browser.family, "Foo");
  EXPECT_EQ(device.browser.major, "7");
  EXPECT_EQ(device.system.family, "Bar");
  EXPECT_EQ(device.hardware, (Hardware{"TV", "", "TV"}));
}

TEST(RuleBook, LeavesEmptyWhatNoRuleMatches) {
  const RuleBook book(three_rules(), RuleBook::Check::all);
  Device device;
  book.read("something else", device);
  EXPECT_EQ(device, Device{});
}

TEST(RuleBook, NamesTheRuleThatIsRefused) {
  RuleTexts rules = three_rules();
  rules.sections[1].push_back({"(unclosed", false, {}});
  try {
    RuleBook(rules, RuleBook::Check::all);
    FAIL() << "was taken";
  } catch (const BadRule& bad) {
    EXPECT_NE(std::string(bad.what()).find("(unclosed"), std::string::npos);
  }
}

TEST(BuiltInRules, AreAllAcceptedByBothEngines) {
  EXPECT_NO_THROW(RuleBook(copy_of_built_in_rules(), RuleBook::Check::all));
  EXPECT_GT(built_in_rules().browser.size(), 400u);
  EXPECT_EQ(built_in_rules().revision.size(), 40u);
}

}  // namespace
}  // namespace innkeeper::device
