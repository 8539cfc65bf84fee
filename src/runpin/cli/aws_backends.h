// AWS services as the workspace's ports, with names and regions from the registry. Nothing is read
// and nobody called before a backend is first wanted.
#pragma once

#include <memory>
#include <mutex>

#include "runpin/adapters/aws/s3_bucket.h"
#include "runpin/cli/aws_session.h"
#include "runpin/cli/load_workspace.h"
#include "runpin/ports/caller_identity.h"
#include "runpin/ports/cost_source.h"
#include "runpin/ports/evidence_store.h"
#include "runpin/ports/orchestrator.h"

namespace runpin::cli {

// Borrows the context and the registry, and owns what the ports refer to.
class AwsBackends {
 public:
  AwsBackends(Context& context, const Registry& registry)
      : context_(context), registry_(registry) {}

  // Errors of all: k_config where the registry or the user's AWS settings cannot be used.
  Result<std::unique_ptr<EvidenceStore>> evidence_store();  // S3_EVIDENCE_BUCKET in AWS_REGION
  Result<std::unique_ptr<Orchestrator>> orchestrator();     // in AWS_REGION
  Result<std::unique_ptr<CostSource>> cost_source();        // in AWS_BILLING_REGION, if pinned
  Result<std::unique_ptr<CallerIdentity>> caller_identity();
  // A bucket that a setting names by URI; thought to be in AWS_REGION.
  Result<std::unique_ptr<S3Bucket>> open_bucket(const std::string& name);

 private:
  Result<AwsSession*> session();
  Result<std::string> text_of(std::string_view handle);
  Result<AwsEndpoint> endpoint(AwsSession& session, AwsService service,
                               std::string_view region_handle);

  Context& context_;
  const Registry& registry_;
  std::mutex mutex_;
  std::unique_ptr<AwsSession> session_;
  std::unique_ptr<S3Bucket> evidence_bucket_;
};

}  // namespace runpin::cli
