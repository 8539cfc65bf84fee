#include "runpin/cli/run_main.h"

int main(int argc, char** argv) {
  return runpin::cli::run_main(argc, argv);
}
