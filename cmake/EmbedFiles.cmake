# cmake -DOUTPUT=assets.cc -DFILES="a.html;style.css" -P EmbedFiles.cmake
#
# Writes a C++ source that holds the files' bytes as raw strings, behind src/web/assets.h.
set(entries "")
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" content)
  # A raw string may hold 64 KiB at most, which no template comes near.
  string(APPEND entries "    {\"${name}\", R\"~embedded~(${content})~embedded~\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Written by cmake/EmbedFiles.cmake from src/web/templates.
#include \"web/assets.h\"

namespace innkeeper::web {
namespace {

constexpr Asset table[] = {
${entries}};

}  // namespace

std::span<const Asset> assets() { return table; }

std::string_view asset(std::string_view name) {
  for (const Asset& one : table) {
    if (one.name == name) return one.content;
  }
  return {};
}

}  // namespace innkeeper::web
")
