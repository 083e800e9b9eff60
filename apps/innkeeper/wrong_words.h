// What is said of words on the command line that are nothing, and what was probably meant. Values
// may be secrets: only the names of options are said again.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace innkeeper::app {

// "--secret-key=hush" → "--secret-key".
std::string name_in(const std::string& word);

// `word` begins with a hyphen, `names` are the options that there are.
std::string unknown_option(const std::string& word, std::span<const std::string> names);

// `parent` is what stands before ("innkeeper", "innkeeper sessions"), `words` what follows, `names`
// the commands that there are.
std::string unknown_command(const std::string& parent, const std::vector<std::string>& words,
                            std::span<const std::string> names);

// "--https false": such a flag takes no word that follows, which would be something else to the
// command. Nothing where there is none of it.
std::optional<std::string> detached_value(const std::vector<std::string>& words);

// "--https=": neither a yes nor a no, as a script's variable that is not set leaves it. `is_flag`
// tells options that take no word from all others. Nothing where there is none of it.
std::optional<std::string> empty_value(const std::vector<std::string>& words,
                                       const std::function<bool(const std::string&)>& is_flag);

}  // namespace innkeeper::app
