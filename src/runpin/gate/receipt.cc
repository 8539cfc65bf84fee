#include "runpin/gate/receipt.h"

namespace runpin {

Json to_json(const Receipt& r) {
  return object({{"check_id", r.check_id},
                 {"operation", r.operation},
                 {"target", r.target},
                 {"outcome", r.outcome},
                 {"status", r.status}});
}

Json to_json(const std::vector<Receipt>& receipts) {
  Json list = Json::Array{};
  for (const Receipt& receipt : receipts) list.push(to_json(receipt));
  return list;
}

}  // namespace runpin
