// Moments as people read them, and as <time datetime> wants them. UTC throughout: a page without
// script cannot know the reader's zone.
#pragma once

#include <string>

#include "base/clock.h"
#include "web/view.h"

namespace innkeeper::web {

// "just now", "5 minutes ago", "2 hours ago", "yesterday", "12 days ago", "in 3 hours", "in 13
// days"; beyond 60 days the date, "14 Mar 2029".
std::string relative_time(Time moment, Time now);
// "14 Mar 2029, 09:05 UTC"
std::string absolute_time(Time moment);
// "2029-03-14T09:05:00Z"
std::string machine_time(Time moment);

// All three for the template `time`: datetime, title, text.
View time_view(Time moment, Time now);

}  // namespace innkeeper::web
