// Who stays in the demo's house.
#pragma once

#include <span>
#include <string_view>

namespace innkeeper::app {

struct Person {
  std::string_view username, first_name, last_name;
};

// The first is staff.
std::span<const Person> demo_people();

}  // namespace innkeeper::app
