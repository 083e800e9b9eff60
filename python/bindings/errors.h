// How errors cross the border, in both directions, without becoming something else.
#pragma once

#include <memory>

#include <nanobind/nanobind.h>

#include "base/error.h"

namespace innkeeper::python {

namespace nb = nanobind;

// An exception of Django's database on its way through the engine: to the engine it is a
// StoreError, and whoever called the engine from Python gets the exception itself. Copies share it.
class HostStoreError : public StoreError {
 public:
  HostStoreError(Kind kind, const nb::python_error& error);
  // Makes it Python's current error. Once.
  void restore() const { m_error->restore(); }

 private:
  std::shared_ptr<nb::python_error> m_error;
};

// Whether it is an error, of which somebody may make something else. Otherwise (KeyboardInterrupt,
// SystemExit) it wants the program to stop: it goes on as it is. With the GIL.
bool is_error(const nb::python_error& error);
// What wants the program to stop, where nothing may be thrown: this thread raises it, without its
// arguments, when it is back in Python. An error is dropped. With the GIL.
void raise_later(const nb::python_error& error) noexcept;

// The two below throw `error` itself where it is no error in this sense. Call in its handler.
// What an exception of Django's database is to the engine. With the GIL.
[[noreturn]] void throw_store_error(const nb::python_error& error);
// Likewise of a cache. Its text may hold a value or an address with a password: only its type goes
// on.
[[noreturn]] void throw_cache_error(const nb::python_error& error);

// Makes the classes StoreError (a django.db.DatabaseError), CacheError, FileError and ConfigError
// of the module, all of them its Error.
void bind_errors(nb::module_& module);

}  // namespace innkeeper::python
