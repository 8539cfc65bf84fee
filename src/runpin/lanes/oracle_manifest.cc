#include "runpin/lanes/oracle_manifest.h"

#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/secret_scan.h"

namespace runpin {

Json gather_manifest(World& world) {
  const ManifestSetting& setting = world.workspace().oracle_manifest;
  if (!setting.file && !setting.uri.value.starts_with("s3://"))
    return fact_of(Error{ErrorKind::k_config,
                         "inputs.oracle_manifest names no file, and its uri is none of S3",
                         setting.uri.where, "add file = \"PATH\" to it"});
  const std::string& path = setting.file ? setting.file->value : setting.uri.value;
  const Result<Bytes> bytes = world.documents().read(path);
  if (!bytes) return fact_of(bytes.error());
  if (const auto json = read_json(*bytes, path); !json) return fact_of(json.error());
  Json secrets = Json::Array{};
  for (const SecretFinding& finding : scan_secrets(*bytes))
    secrets.push(object({{"rule", finding.rule}, {"where", where(path, finding.position)}}));
  return fact_of(object({{"uri", setting.uri.value},
                         {"path", path},
                         {"sha256", sha256(*bytes).str()},
                         {"secrets", secrets}}));
}

}  // namespace runpin
