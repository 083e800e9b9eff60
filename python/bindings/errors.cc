#include "errors.h"

#include <string>

namespace innkeeper::python {

namespace {

std::string type_name(const nb::python_error& error) {
  return nb::cast<std::string>(error.type().attr("__name__"));
}

StoreError::Kind kind_of(const nb::python_error& error) {
  const nb::module_ errors = nb::module_::import_("django.db.utils");
  if (error.matches(errors.attr("IntegrityError"))) return StoreError::Kind::constraint;
  // What does not fit its column: a number beyond the key's type.
  if (error.matches(errors.attr("DataError"))) return StoreError::Kind::constraint;
  if (error.matches(errors.attr("OperationalError"))) return StoreError::Kind::unavailable;
  if (error.matches(errors.attr("InterfaceError"))) return StoreError::Kind::unavailable;
  return StoreError::Kind::misuse;
}

}  // namespace

HostStoreError::HostStoreError(Kind kind, const nb::python_error& error)
    : StoreError(kind, "Django's database raised " + type_name(error)),
      m_error(std::make_shared<nb::python_error>(error)) {}

bool is_error(const nb::python_error& error) { return error.matches(PyExc_Exception); }

void raise_later(const nb::python_error& error) noexcept {
  if (!is_error(error)) PyThreadState_SetAsyncExc(PyThread_get_thread_ident(), error.type().ptr());
}

void throw_store_error(const nb::python_error& error) {
  if (!is_error(error)) throw;
  throw HostStoreError(kind_of(error), error);
}

void throw_cache_error(const nb::python_error& error) {
  if (!is_error(error)) throw;
  throw CacheError("Django's cache raised " + type_name(error));
}

void bind_errors(nb::module_& module) {
  const nb::object database_error = nb::module_::import_("django.db.utils").attr("DatabaseError");
  // Translators are asked in the reverse order: what is more special stands further down.
  static nb::exception<Error> error(module, "Error");
  nb::exception<CacheError>(module, "CacheError", error);
  nb::exception<FileError>(module, "FileError", error);
  nb::exception<ConfigError>(module, "ConfigError", error);
  nb::exception<StoreError>(module, "StoreError", database_error);
  nb::register_exception_translator([](const std::exception_ptr& thrown, void*) {
    try {
      std::rethrow_exception(thrown);
    } catch (const HostStoreError& host) {
      host.restore();
    }
  });
}

}  // namespace innkeeper::python
