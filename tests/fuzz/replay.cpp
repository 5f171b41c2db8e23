// Runs a fuzz target on the inputs of a folder, and on others that are made of them with a fixed
// seed: `convex_kv_fuzz_replay TARGET FOLDER`; or on the files that are named alone, with FILE...
// in place of FOLDER. The same inputs in the same order each time, whatever the machine. An input
// that fails is left in the working directory as crash-TARGET.
#include <sanitizer/common_interface_defs.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "convex_kv/base/bytes.hpp"
#include "mutator.hpp"
#include "target.hpp"

namespace convex_kv::fuzz {

std::map<std::string, Target>& targets() {
  static std::map<std::string, Target> all;
  return all;
}

namespace {

constexpr std::uint64_t kSeed = 1;
constexpr int kMadeInputs = 20'000;

struct Current {
  Bytes input;
  std::string name;
  Target target;
};
Current current;

void keep_input() {
  const std::string file = "crash-" + current.name;
  if (std::FILE* out = std::fopen(file.c_str(), "wb")) {
    std::fwrite(current.input.data(), 1, current.input.size(), out);
    std::fclose(out);
    std::fprintf(stderr, "The input that failed is %s/%s\n",
                 std::filesystem::current_path().c_str(), file.c_str());
  }
}

// require() aborts; a sanitizer calls keep_input itself.
void on_abort(int) {
  keep_input();
  std::_Exit(1);
}

void run(const Bytes& input) {
  current.input = input;
  // A copy that ends where the input does, so that a read past it is noticed.
  const std::vector<std::uint8_t> copy(input.begin(), input.end());
  current.target(copy.data(), copy.size());
}

Bytes content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// In the order of their names, which is no folder's own.
std::vector<Bytes> inputs_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry);
  std::sort(files.begin(), files.end());
  std::vector<Bytes> inputs;
  inputs.reserve(files.size());
  for (const auto& file : files) inputs.push_back(content_of(file));
  return inputs;
}

int replay_files(int count, char** files) {
  for (int i = 0; i < count; ++i) run(content_of(files[i]));
  std::printf("%d inputs hold\n", count);
  return 0;
}

int replay_folder(const char* folder) {
  const std::vector<Bytes> corpus = inputs_in(folder);
  if (corpus.empty()) {
    std::fprintf(stderr, "There is no input in %s\n", folder);
    return 1;
  }
  for (const Bytes& input : corpus) run(input);
  Mutator mutator(corpus, kSeed);
  std::uint64_t sum = 0;
  for (int i = 0; i < kMadeInputs; ++i) {
    const Bytes input = mutator.next();
    for (const std::uint8_t byte : input) sum = sum * 31 + byte;
    run(input);
  }
  // The sum tells whether two machines have made the same inputs.
  std::printf("%zu inputs of the corpus and %d made of them hold (%016llx)\n", corpus.size(),
              kMadeInputs, static_cast<unsigned long long>(sum));
  return 0;
}

}  // namespace

}  // namespace convex_kv::fuzz

int main(int argc, char** argv) {
  using namespace convex_kv::fuzz;
  const auto target = argc < 3 ? targets().end() : targets().find(argv[1]);
  if (target == targets().end()) {
    std::fprintf(stderr, "Usage: %s TARGET FOLDER | FILE...\nThe targets:", argv[0]);
    for (const auto& [name, function] : targets()) std::fprintf(stderr, " %s", name.c_str());
    std::fprintf(stderr, "\n");
    return 2;
  }
  current.name = target->first;
  current.target = target->second;
  __sanitizer_set_death_callback(keep_input);
  std::signal(SIGABRT, on_abort);
  return std::filesystem::is_directory(argv[2]) ? replay_folder(argv[2])
                                                : replay_files(argc - 2, argv + 2);
}
