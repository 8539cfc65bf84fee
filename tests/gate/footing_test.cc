#include "runpin/gate/footing.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/memory_store.h"

namespace runpin {
namespace {

const ObjectToWrite k_object{ObjectKey("k"), "bytes"};

TEST(Footing, LetsCallsThroughOnceItHolds) {
  testing::MemoryStore store;
  Footing footing;
  FootedStore footed(store, &footing);
  Result<PutResult> put;
  std::jthread writer([&] { put = footed.create(k_object); });
  EXPECT_FALSE(*store.get(k_object.key));
  footing.settle(true);
  writer.join();
  EXPECT_TRUE(put);
  EXPECT_TRUE(*store.get(k_object.key));
}

TEST(Footing, FailsEveryCallWhereItDoesNotHold) {
  testing::MemoryStore store;
  Footing footing;
  FootedStore footed(store, &footing);
  { const FootingRelease release(footing); }
  footing.settle(true);  // the first counts
  EXPECT_EQ(footed.create(k_object).error().kind, ErrorKind::k_unavailable);
  EXPECT_EQ(footed.get(k_object.key).error().kind, ErrorKind::k_unavailable);
  EXPECT_EQ(footed.list("", 0).error().kind, ErrorKind::k_unavailable);
  EXPECT_FALSE(*store.get(k_object.key));
}

TEST(Footing, IsNothingToWaitForWhereThereIsNone) {
  testing::MemoryStore store;
  FootedStore footed(store, nullptr);
  EXPECT_TRUE(footed.create(k_object));
}

}  // namespace
}  // namespace runpin
