// Whose credentials this program runs with, at a control plane that knows.
#pragma once

#include <string>

#include "runpin/base/result.h"

namespace runpin {

class CallerIdentity {
 public:
  virtual ~CallerIdentity() = default;

  // "arn:aws:sts::111122223333:assumed-role/ROLE/SESSION", "arn:aws:iam::111122223333:user/NAME".
  // Errors: k_denied, k_unavailable, k_malformed.
  virtual Result<std::string> caller_arn() = 0;

  // For messages and receipts: "sts".
  virtual std::string name() const = 0;
};

}  // namespace runpin
