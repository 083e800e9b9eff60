// Lists of small objects in tests/data, made once by Django 5.2.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "codec/json.h"
#include "unit/codec/json_elements.h"

namespace innkeeper::user {

inline Fields read_object(const std::string& json) {
  auto fields = codec::parse_object(json);
  if (!fields) throw std::invalid_argument("no JSON object: " + json.substr(0, 60));
  return *fields;
}

// The objects in the list `name` of tests/data/`file`.
inline std::vector<Fields> read_vectors(const std::string& file, const std::string& name) {
  std::ifstream stream(std::string(INNKEEPER_TEST_DATA "/") + file);
  std::stringstream text;
  text << stream.rdbuf();
  const Fields all = read_object(text.str());
  std::vector<Fields> vectors;
  for (const std::string& json : codec::json_elements(*find(all, name))) {
    vectors.push_back(read_object(json));
  }
  return vectors;
}

inline std::string text_in(const Fields& vector, const std::string& name) {
  return codec::string_value(*find(vector, name)).value();
}

}  // namespace innkeeper::user
