#include "runpin/verify/evidence_finding.h"

namespace runpin {

Json to_json(const EvidenceFinding& finding) {
  return object({{"kind", finding.kind},
                 {"message", finding.message},
                 {"expected", finding.expected},
                 {"found", finding.found},
                 {"where", finding.where}});
}

void EvidenceFindings::add(EvidenceFinding finding) {
  places_.insert(finding.where);
  all_.push_back(std::move(finding));
}

void EvidenceFindings::add(const Error& error, std::string where) {
  const bool silent = is_out_of_reach(error);
  add({"unreadable", silent ? "it cannot be read now" : "it cannot be read", "an object that reads",
       one_line(error), std::move(where), silent});
}

void EvidenceFindings::note(std::string message, std::string where) {
  notes_.push_back({std::move(message), std::move(where)});
}

bool is_out_of_reach(const Error& error) {
  switch (error.kind) {
    case ErrorKind::k_unavailable:
    case ErrorKind::k_denied:
    case ErrorKind::k_io:
      return true;
    default:
      return false;
  }
}

}  // namespace runpin
