#include "output/json_writer.h"

#include "base/utf8.h"
#include "codec/json.h"
#include "session/expiry.h"

namespace innkeeper::app {

std::string json(std::string_view text) { return codec::json_string(valid_utf8(text)); }

std::string json(double number) { return codec::json_float(number); }

std::string json(Time time) { return json(session::iso_time(time)); }

std::string json(const std::vector<std::string>& texts) {
  std::vector<std::string> values;
  for (const std::string& text : texts) values.push_back(json(text));
  return json_array(values);
}

std::string json_array(const std::vector<std::string>& values) {
  std::string joined = "[";
  for (const std::string& value : values) joined += (joined.size() > 1 ? "," : "") + value;
  return joined + "]";
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view source) {
  if (m_text.size() > 1) m_text += ',';
  m_text += json(name);
  m_text += ':';
  m_text += source;
  return *this;
}

}  // namespace innkeeper::app
