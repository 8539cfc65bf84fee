// The store of a run that could not reserve its stamp: every call answers with the error that
// reserving met, so that nothing is ever published under an execution id that nobody holds.
#pragma once

#include "runpin/ports/evidence_store.h"

namespace runpin {

class UnavailableStore final : public EvidenceStore {
 public:
  UnavailableStore(std::string name, Error error)
      : name_(std::move(name)), error_(std::move(error)) {}
  Result<PutResult> create(const ObjectToWrite&) override { return tl::unexpected(error_); }
  Result<std::vector<StoredObject>> publish(std::span<const ObjectToWrite>, const ObjectToWrite&,
                                            const CommitTerms&) override {
    return tl::unexpected(error_);
  }
  Result<std::optional<StoredObject>> get(const ObjectKey&) override {
    return tl::unexpected(error_);
  }
  Result<std::optional<ObjectHead>> head(const ObjectKey&) override {
    return tl::unexpected(error_);
  }
  Result<std::vector<ObjectKey>> list(const std::string&, std::size_t) override {
    return tl::unexpected(error_);
  }
  Result<std::vector<ObjectVersion>> list_versions(const std::string&) override {
    return tl::unexpected(error_);
  }
  Result<void> check_reachable() override { return tl::unexpected(error_); }
  std::string name() const override { return name_; }

 private:
  std::string name_;
  Error error_;
};

}  // namespace runpin
