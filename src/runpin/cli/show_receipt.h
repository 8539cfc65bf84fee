// A receipt that a command has just put on record.
#pragma once

#include "runpin/cli/output.h"
#include "runpin/gate/resets.h"

namespace runpin::cli {

// Prints the receipt's key; with --json {key, receipt, exit_code}. Answers k_success.
int show_receipt(const RecordedReceipt& receipt, Output& output);

}  // namespace runpin::cli
