#include "values.h"

#include <Python.h>
#include <datetime.h>

#include "store/value.h"

namespace innkeeper::python {

namespace {

nb::object steal_or_throw(PyObject* object) {
  if (object == nullptr) throw nb::python_error();
  return nb::steal(object);
}

nb::object datetime_of(Time time, PyObject* zone) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto micros = (time - day).count();
  const auto seconds = static_cast<int>(micros / 1'000'000);
  return steal_or_throw(PyDateTimeAPI->DateTime_FromDateAndTime(
      static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
      static_cast<int>(static_cast<unsigned>(date.day())), seconds / 3600, seconds / 60 % 60,
      seconds % 60, static_cast<int>(micros % 1'000'000), zone, PyDateTimeAPI->DateTimeType));
}

nb::object parameter_time(Time time, store::Dialect dialect) {
  if (dialect == store::Dialect::sqlite) return nb::str(store::sqlite_time(time).c_str());
  return datetime_of(time, dialect == store::Dialect::postgres ? PyDateTime_TimeZone_UTC : Py_None);
}

Time time_of(PyObject* datetime) {
  const std::chrono::year_month_day date{
      std::chrono::year(PyDateTime_GET_YEAR(datetime)),
      std::chrono::month(static_cast<unsigned>(PyDateTime_GET_MONTH(datetime))),
      std::chrono::day(static_cast<unsigned>(PyDateTime_GET_DAY(datetime)))};
  return Time(std::chrono::sys_days(date)) +
         std::chrono::hours(PyDateTime_DATE_GET_HOUR(datetime)) +
         std::chrono::minutes(PyDateTime_DATE_GET_MINUTE(datetime)) +
         Seconds(PyDateTime_DATE_GET_SECOND(datetime)) +
         Duration(PyDateTime_DATE_GET_MICROSECOND(datetime));
}

Time utc_time_of(nb::handle datetime) {
  PyObject* const zone = PyDateTime_DATE_GET_TZINFO(datetime.ptr());
  if (zone == Py_None || zone == PyDateTime_TimeZone_UTC) return time_of(datetime.ptr());
  const nb::object utc = datetime.attr("astimezone")(nb::handle(PyDateTime_TimeZone_UTC));
  return time_of(utc.ptr());
}

}  // namespace

void import_datetime() {
  PyDateTime_IMPORT;
  if (PyDateTimeAPI == nullptr) throw nb::python_error();
}

nb::object to_python(const store::Value& value, store::Dialect dialect) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return steal_or_throw(
        PyUnicode_FromStringAndSize(text->data(), static_cast<Py_ssize_t>(text->size())));
  }
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return nb::int_(*integer);
  if (const auto* time = std::get_if<Time>(&value)) return parameter_time(*time, dialect);
  if (const auto* address = std::get_if<IpAddress>(&value))
    return nb::str(address->to_string().c_str());
  if (const auto* flag = std::get_if<bool>(&value)) return nb::bool_(*flag);
  if (const auto* number = std::get_if<double>(&value)) return nb::float_(*number);
  return nb::none();
}

nb::list to_python(std::span<const store::Value> values, store::Dialect dialect) {
  nb::list list;
  for (const store::Value& value : values) list.append(to_python(value, dialect));
  return list;
}

store::Value to_value(nb::handle column) {
  PyObject* const object = column.ptr();
  if (object == Py_None) return store::Null{};
  if (PyBool_Check(object)) return object == Py_True;
  if (PyUnicode_Check(object)) return to_text(column);
  if (PyLong_Check(object)) {
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow == 0) return std::int64_t{number};
  }
  if (PyFloat_Check(object)) return PyFloat_AS_DOUBLE(object);
  if (PyDateTime_Check(object)) return utc_time_of(column);
  if (PyBytes_Check(object)) {
    return std::string(PyBytes_AS_STRING(object),
                       static_cast<std::size_t>(PyBytes_GET_SIZE(object)));
  }
  return to_text(nb::str(column));
}

store::Rows to_rows(nb::handle rows) {
  store::Rows result;
  for (const nb::handle row : rows) {
    store::Row& values = result.emplace_back();
    for (const nb::handle column : row) values.push_back(to_value(column));
  }
  return result;
}

Time to_time(nb::handle datetime) {
  if (!PyDateTime_Check(datetime.ptr())) throw nb::type_error("a datetime is wanted");
  return utc_time_of(datetime);
}

std::string to_text(nb::handle text) {
  if (text.is_none()) return {};
  const nb::object bytes =
      steal_or_throw(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "replace"));
  return {PyBytes_AS_STRING(bytes.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr()))};
}

session::Client to_client(const std::optional<std::string>& ip, nb::handle user_agent,
                          nb::handle client_hints) {
  return {ip ? IpAddress::parse(*ip) : std::nullopt, to_text(user_agent), to_text(client_hints)};
}

std::vector<store::RemovedSession> to_removed(
    const std::vector<std::pair<std::string, std::optional<std::string>>>& rows) {
  std::vector<store::RemovedSession> removed;
  for (const auto& [text, user] : rows) {
    if (auto id = session::SessionId::parse(text)) removed.push_back({*std::move(id), user});
  }
  return removed;
}

nb::object to_datetime(Time time) { return datetime_of(time, PyDateTime_TimeZone_UTC); }

std::vector<session::SessionId> to_ids(const std::vector<std::string>& texts) {
  std::vector<session::SessionId> ids;
  for (const std::string& text : texts) {
    if (auto id = session::SessionId::parse(text)) ids.push_back(*std::move(id));
  }
  return ids;
}

}  // namespace innkeeper::python
