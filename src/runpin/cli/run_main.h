// The program: reads the command line, runs the chosen command, and answers its exit code.
#pragma once

namespace runpin::cli {

int run_main(int argc, char** argv);

}  // namespace runpin::cli
