#include "runpin/cli/show_receipt.h"

#include "runpin/cli/exit_code.h"

namespace runpin::cli {

int show_receipt(const RecordedReceipt& receipt, Output& output) {
  output.line(receipt.key.str());
  output.document(
      object({{"key", receipt.key.str()}, {"receipt", receipt.body}, {"exit_code", k_success}}));
  return k_success;
}

}  // namespace runpin::cli
