#include "runpin/lanes/shown_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/base/bytes.h"

namespace runpin {
namespace {

const std::string k_token = std::string("github_pat_") + "11AB3XQZY0kLmN8pQrS7tU_" +
                            "vWx9Yz1A2bC3dE4fG5hI6jK7lM8nO9pQ0rS1tU2vW3xY4zA5bC6dE7fG8hJ";

TEST(ShownText, IsTheTextItselfUpToItsLimit) {
  for (const std::string& text :
       {std::string(), std::string("plain \"words\""), std::string(200, 'x')})
    EXPECT_EQ(shown_text(text), text);
}

TEST(ShownText, IsCutWithinNoCharacter) {
  EXPECT_EQ(shown_text(std::string(201, 'x')), std::string(200, 'x') + "… (cut: 201 bytes)");
  std::string umlauts = "x";
  for (int i = 0; i < 200; ++i) umlauts += "ä";
  const std::string shown = shown_text(umlauts);
  EXPECT_TRUE(is_utf8(shown));
  EXPECT_EQ(shown.substr(0, 200), umlauts.substr(0, 199) + "…"[0]);
}

TEST(ShownText, WithholdsASecretEvenBehindTheCut) {
  EXPECT_THAT(shown_text(k_token), ::testing::StartsWith("[withheld: "));
  EXPECT_THAT(shown_text(std::string(500, ' ') + k_token), ::testing::StartsWith("[withheld: "));
}

}  // namespace
}  // namespace runpin
