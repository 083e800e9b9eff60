// Runs a fuzz target's body on every file of its corpus, so that what a fuzzer once found stays
// found without one.
//
// Usage: NAME_fuzz FOLDER-OR-FILE…   Exit code 0 when every input was survived, 1 when there was
// none to run.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

// In the order of their names, so that a crash shows up at the same place on every machine.
std::vector<fs::path> inputs_in(const fs::path& place) {
  if (fs::is_regular_file(place)) return {place};
  std::vector<fs::path> files;
  if (!fs::is_directory(place)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(place)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// A block of exactly the input's size, so that the address sanitizer sees the first byte read
// beyond it.
void run(const fs::path& file) {
  const std::string content = content_of(file);
  const auto block = std::make_unique<std::uint8_t[]>(content.size());
  std::copy(content.begin(), content.end(), block.get());
  LLVMFuzzerTestOneInput(block.get(), content.size());
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t total = 0;
  for (int i = 1; i < count; ++i) {
    for (const fs::path& file : inputs_in(arguments[i])) {
      std::cerr << "input " << file
                << std::endl;  // flushed: the last line before a crash names its input
      run(file);
      ++total;
    }
  }
  std::cout << total << " inputs replayed\n";
  if (total > 0) return 0;
  std::cerr << "nothing to replay: name a folder with at least one input\n";
  return 1;
}
