// Reads documents from stdin, each as a 32-bit little-endian length and its bytes, until the end.
// Writes for each an 'A' (accepted) and two such blocks, canonical() and pretty(), or an 'R'
// (refused) and one block, the error's line.
#include <clocale>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <string>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"

namespace {

void append_block(std::string& out, const std::string& bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(size >> shift & 0xFF);
  out += bytes;
}

std::uint32_t read_length(const std::string& in, std::size_t at) {
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < 4; ++i)
    length |= static_cast<std::uint32_t>(static_cast<unsigned char>(in.at(at + i))) << 8 * i;
  return length;
}

void answer(std::string& out, const std::string& document) {
  const auto value = runpin::read_json(document, "document");
  out += value ? 'A' : 'R';
  if (!value) return append_block(out, runpin::one_line(value.error()));
  append_block(out, runpin::canonical(*value));
  append_block(out, runpin::pretty(*value));
}

}  // namespace

int main() {
  std::setlocale(LC_ALL, "");  // canonical bytes must not hang on the user's locale
  const std::string in(std::istreambuf_iterator<char>(std::cin), {});
  std::string out;
  for (std::size_t at = 0; at < in.size();) {
    const std::uint32_t length = read_length(in, at);
    answer(out, in.substr(at + 4, length));
    at += 4 + length;
  }
  std::cout.write(out.data(), static_cast<std::streamsize>(out.size())).flush();
  return std::cout ? 0 : 1;
}
