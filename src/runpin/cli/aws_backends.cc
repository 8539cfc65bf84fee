#include "runpin/cli/aws_backends.h"

#include "runpin/adapters/aws/cost_explorer_source.h"
#include "runpin/adapters/aws/s3_evidence_store.h"
#include "runpin/adapters/aws/step_functions_orchestrator.h"
#include "runpin/adapters/aws/sts_identity.h"
#include "runpin/cli/handle_values.h"

namespace runpin::cli {
namespace {

constexpr std::string_view k_region = "AWS_REGION";
constexpr std::string_view k_billing_region = "AWS_BILLING_REGION";
constexpr std::string_view k_bucket = "S3_EVIDENCE_BUCKET";

}  // namespace

Result<AwsSession*> AwsBackends::session() {
  const std::lock_guard lock(mutex_);
  if (!session_) {
    auto made = AwsSession::make(context_);
    if (!made) return tl::unexpected(made.error());
    session_ = *std::move(made);
  }
  return session_.get();
}

Result<std::string> AwsBackends::text_of(std::string_view handle) {
  HandleValues handles(registry_);
  std::string text = handles.text(handle);
  if (handles.error()) return tl::unexpected(*handles.error());
  return text;
}

Result<AwsEndpoint> AwsBackends::endpoint(AwsSession& session, AwsService service,
                                          std::string_view region_handle) {
  const auto region = text_of(region_handle);
  if (!region) return tl::unexpected(region.error());
  auto endpoint = endpoint_for(service, *region, session.settings().endpoints);
  if (!endpoint && endpoint.error().where.empty())
    return HandleValues(registry_).refuse(region_handle, "is no region of AWS",
                                          "pin it to a name like eu-west-2");
  return endpoint;
}

Result<std::unique_ptr<EvidenceStore>> AwsBackends::evidence_store() {
  const auto aws = session();
  if (!aws) return tl::unexpected(aws.error());
  const auto name = text_of(k_bucket);
  if (!name) return tl::unexpected(name.error());
  const auto at = endpoint(**aws, AwsService::k_s3, k_region);
  if (!at) return tl::unexpected(at.error());
  evidence_bucket_ = std::make_unique<S3Bucket>((*aws)->client(), (*aws)->settings().endpoints,
                                                *name, at->scope.region);
  return std::make_unique<S3EvidenceStore>(*evidence_bucket_, (*aws)->world(),
                                           patience_of_writes((*aws)->settings().retry));
}

Result<std::unique_ptr<Orchestrator>> AwsBackends::orchestrator() {
  const auto aws = session();
  if (!aws) return tl::unexpected(aws.error());
  auto at = endpoint(**aws, AwsService::k_step_functions, k_region);
  if (!at) return tl::unexpected(at.error());
  return std::make_unique<StepFunctionsOrchestrator>((*aws)->client(), *std::move(at));
}

Result<std::unique_ptr<CostSource>> AwsBackends::cost_source() {
  const auto aws = session();
  if (!aws) return tl::unexpected(aws.error());
  const bool pinned = registry_.get(k_billing_region).state == HandleState::k_resolved;
  auto at = endpoint(**aws, AwsService::k_cost_explorer, pinned ? k_billing_region : k_region);
  if (!at) return tl::unexpected(at.error());
  return std::make_unique<CostExplorerSource>((*aws)->client(), *std::move(at));
}

Result<std::unique_ptr<CallerIdentity>> AwsBackends::caller_identity() {
  const auto aws = session();
  if (!aws) return tl::unexpected(aws.error());
  auto at = endpoint(**aws, AwsService::k_sts, k_region);
  if (!at) return tl::unexpected(at.error());
  return std::make_unique<StsIdentity>((*aws)->client(), *std::move(at));
}

Result<std::unique_ptr<S3Bucket>> AwsBackends::open_bucket(const std::string& name) {
  const auto aws = session();
  if (!aws) return tl::unexpected(aws.error());
  const auto at = endpoint(**aws, AwsService::k_s3, k_region);
  if (!at) return tl::unexpected(at.error());
  return std::make_unique<S3Bucket>((*aws)->client(), (*aws)->settings().endpoints, name,
                                    at->scope.region);
}

}  // namespace runpin::cli
