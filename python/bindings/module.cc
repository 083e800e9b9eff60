// innkeeper._engine: the engine, and what surrounds it, for Python. No rule lives here.
#include "bind.h"
#include "errors.h"
#include "values.h"

NB_MODULE(_engine, module) {
  using namespace innkeeper::python;
  module.doc() = "The session engine in C++; its Python face is the package innkeeper.";
  import_datetime();
  bind_errors(module);
  bind_client(module);
  bind_device(module);
  bind_location(module);
  bind_schema(module);
  bind_engine(module);
  bind_checks(module);
}
