// What an AWS service says when it refuses, as an Error. Only the service's error code goes into
// messages, and only where it has the form of AWS's own: its text may name users, hosts and request
// ids, which have no place in evidence.
#pragma once

#include <string>

#include "runpin/adapters/aws/http.h"

namespace runpin {

// All "" where the answer does not say.
struct ServiceError {
  std::string code;           // "AccessDenied", without a namespace
  std::string message;        // for a log
  std::string region;         // S3: where the bucket really is
  bool has_odd_code = false;  // it gives a code, but none as AWS's are; `code` is ""
};

// <Error><Code>… (S3) or <ErrorResponse><Error><Code>… (STS).
ServiceError xml_error(const HttpResponse& response);
// {"__type": "com.amazonaws.states#StateMachineDoesNotExist", …}, or the header x-amzn-errortype.
ServiceError json_error(const HttpResponse& response);

// "AccessDenied (HTTP 403)", "an unknown error code (HTTP 400)", "HTTP 502".
std::string shown_answer(int status, const ServiceError& said);

// What was asked, for the message and its fix.
struct Asked {
  std::string service;     // "S3"
  std::string operation;   // "PutObject"
  std::string permission;  // "s3:PutObject"
  std::string target;      // `where` of the error: an object key, an ARN, a bucket
};

// k_not_found for 404, k_unavailable for 429, 5xx and throttling, k_denied for any other refusal.
Error error_of(const Asked& asked, int status, const ServiceError& said);

// k_malformed: an answer came, but `flaw` is wrong with it.
Error malformed_answer(const Asked& asked, const std::string& flaw);

}  // namespace runpin
