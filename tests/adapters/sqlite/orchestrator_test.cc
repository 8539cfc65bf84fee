#include "runpin/adapters/sqlite/sqlite_orchestrator.h"
#include "tests/adapters/sqlite/temp_db.h"

namespace runpin {
namespace {

using testing::k_name;

constexpr char k_role[] = "arn:aws:iam::123456789012:role/orchestrator";
constexpr char k_arn[] = "arn:aws:states:eu-west-2:123456789012:stateMachine:PLATFORM";
const Instant k_now = Instant::parse_rfc3339("2026-02-23T17:43:07Z").value();

StateMachineArn machine(const std::string& name, const std::string& region = "eu-west-2") {
  return StateMachineArn::make(region, "123456789012", name).value();
}

class SqliteOrchestratorTest : public testing::PlatformDbTest {
 protected:
  void SetUp() override {
    PlatformDbTest::SetUp();
    const auto made = it().create_state_machine(machine("PLATFORM"), k_role, k_now);
    ASSERT_TRUE(made) << one_line(made.error());
    ASSERT_EQ(*made, k_arn);
  }
  SqliteOrchestrator& it() {
    if (!orchestrator_) orchestrator_.emplace(file(), k_name);
    return *orchestrator_;
  }
  std::string statuses() {
    std::string text;
    for (const auto& e : testing::value_of(it().list_executions(k_arn)))
      text += e.name + "=" + e.status + " ";
    return text;
  }
  std::optional<SqliteOrchestrator> orchestrator_;
};

TEST_F(SqliteOrchestratorTest, DescribesAStateMachine) {
  const auto found = it().describe(k_arn);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "PLATFORM");
  EXPECT_EQ(found->arn, k_arn);
  EXPECT_EQ(found->role_arn, k_role);
  EXPECT_EQ(found->status, "ACTIVE");
  EXPECT_EQ(it().name(), "sqlite:.runpin/platform.db");
}

TEST_F(SqliteOrchestratorTest, KeepsStateMachinesAcrossConnections) {
  EXPECT_TRUE(SqliteOrchestrator(file(), k_name).describe(k_arn));
}

TEST_F(SqliteOrchestratorTest, AnUnknownArnIsNotFoundByEveryCall) {
  const std::string none = std::string(k_arn) + "2";
  EXPECT_EQ(it().describe(none).error().kind, ErrorKind::k_not_found);
  EXPECT_EQ(it().list_running(none, {}).error().kind, ErrorKind::k_not_found);
  EXPECT_EQ(it().list_executions(none).error().kind, ErrorKind::k_not_found);
  EXPECT_EQ(it().set_status(none, StateMachineStatus::k_active).error().kind,
            ErrorKind::k_not_found);
  EXPECT_EQ(it().start_execution(none, "run", "{}", k_now).error().kind, ErrorKind::k_not_found);
  EXPECT_EQ(it().stop_execution(none, k_now).error().kind, ErrorKind::k_not_found);
}

TEST_F(SqliteOrchestratorTest, ListsEveryStateMachineByNameDoublesIncluded) {
  ASSERT_TRUE(it().create_state_machine(machine("Z"), k_role, k_now));
  ASSERT_TRUE(it().create_state_machine(machine("A"), k_role, k_now));
  ASSERT_TRUE(it().create_state_machine(machine("PLATFORM", "eu-west-1"), k_role, k_now));
  std::vector<std::string> names;
  for (const auto& ref : testing::value_of(it().list_state_machines())) names.push_back(ref.name);
  EXPECT_EQ(names, (std::vector<std::string>{"A", "PLATFORM", "PLATFORM", "Z"}));
}

TEST_F(SqliteOrchestratorTest, MakingAStateMachineTwiceNeedsTheSameRole) {
  EXPECT_EQ(it().create_state_machine(machine("PLATFORM"), k_role, k_now).value(), k_arn);
  const std::string other = std::string(k_role) + "2";
  EXPECT_EQ(it().create_state_machine(machine("PLATFORM"), other, k_now).error().kind,
            ErrorKind::k_conflict);
  EXPECT_EQ(it().create_state_machine(machine("B"), "role", k_now).error().kind,
            ErrorKind::k_usage);
  EXPECT_EQ(it().list_state_machines().value().size(), 1u);
  EXPECT_EQ(it().describe(k_arn)->role_arn, k_role);
}

TEST_F(SqliteOrchestratorTest, ADeletingStateMachineStartsNothing) {
  ASSERT_TRUE(it().set_status(k_arn, StateMachineStatus::k_deleting));
  EXPECT_EQ(it().describe(k_arn)->status, "DELETING");
  EXPECT_EQ(it().start_execution(k_arn, "run", "{}", k_now).error().kind, ErrorKind::k_conflict);
  ASSERT_TRUE(it().set_status(k_arn, StateMachineStatus::k_active));
  EXPECT_TRUE(it().start_execution(k_arn, "run", "{}", k_now));
}

TEST_F(SqliteOrchestratorTest, AnExecutionRunsUntilItIsStopped) {
  const auto arn = it().start_execution(k_arn, "run-1", R"({"a": 1})", k_now);
  ASSERT_TRUE(arn) << one_line(arn.error());
  EXPECT_EQ(*arn, "arn:aws:states:eu-west-2:123456789012:execution:PLATFORM:run-1");
  ASSERT_TRUE(it().start_execution(k_arn, "run-0", "{}", k_now));
  const auto running = it().list_running(k_arn, {}).value();
  ASSERT_EQ(running.size(), 2u);
  EXPECT_EQ(running[0].name, "run-0");
  EXPECT_EQ(running[1].arn, *arn);
  EXPECT_EQ(running[1].input, R"({"a": 1})");
  EXPECT_EQ(running[1].status, "RUNNING");
  EXPECT_EQ(it().stop_execution(*arn, k_now).value().status, "ABORTED");
  EXPECT_EQ(it().list_running(k_arn, {}).value().size(), 1u);
  EXPECT_EQ(statuses(), "run-0=RUNNING run-1=ABORTED ");
  EXPECT_EQ(it().stop_execution(*arn, k_now).value().status, "ABORTED");
}

TEST_F(SqliteOrchestratorTest, AnExecutionNameIsTakenForGood) {
  const auto arn = it().start_execution(k_arn, "run", "{}", k_now);
  EXPECT_EQ(it().start_execution(k_arn, "run", "{}", k_now).value(), *arn);
  EXPECT_EQ(it().start_execution(k_arn, "run", "[]", k_now).error().kind, ErrorKind::k_conflict);
  ASSERT_TRUE(it().stop_execution(*arn, k_now));
  EXPECT_EQ(it().start_execution(k_arn, "run", "{}", k_now).error().kind, ErrorKind::k_conflict);
  EXPECT_EQ(statuses(), "run=ABORTED ");
  ASSERT_TRUE(it().create_state_machine(machine("OTHER"), k_role, k_now));
  EXPECT_TRUE(it().start_execution(machine("OTHER").str(), "run", "{}", k_now));
}

TEST_F(SqliteOrchestratorTest, RefusesInputThatIsNoJsonOrTooLong) {
  for (const std::string& input : {std::string(), std::string("{"), std::string("{}{}"),
                                   '"' + std::string(262'143, 'x') + '"'})
    EXPECT_EQ(it().start_execution(k_arn, "run", input, k_now).error().kind, ErrorKind::k_usage);
  EXPECT_TRUE(it().start_execution(k_arn, "run", '"' + std::string(262'142, 'x') + '"', k_now));
}

TEST_F(SqliteOrchestratorTest, AMissingDatabaseIsAnError) {
  std::filesystem::remove(file());
  EXPECT_EQ(it().list_state_machines().error().kind, ErrorKind::k_not_found);
  EXPECT_EQ(it().describe(k_arn).error().kind, ErrorKind::k_not_found);
}

TEST(StateNames, FollowStepFunctionsRules) {
  for (const std::string& name :
       {std::string("a"), std::string(80, 'a'), std::string("A-b_c.d+e=@'()!"),
        std::string("\u00e9\u00e9"), std::string(320, '\0')}) {
    std::string text = name;
    if (text.size() == 320) {
      text.clear();
      for (int i = 0; i < 80; ++i) text += "\U0001F600";
    }
    EXPECT_TRUE(check_state_name(text, "execution")) << text;
  }
  const std::string refused[] = {"",        std::string(81, 'a'),
                                 "a b",     "a\tb",
                                 "a\nb",    "a<b",
                                 "a>b",     "a{b",
                                 "a}b",     "a[b",
                                 "a]b",     "a?b",
                                 "a*b",     "a\"b",
                                 "a#b",     "a%b",
                                 "a\\b",    "a^b",
                                 "a|b",     "a~b",
                                 "a`b",     "a$b",
                                 "a&b",     "a,b",
                                 "a;b",     "a:b",
                                 "a/b",     "a\x7f",
                                 "a\u0085", "a\u00a0",
                                 "a\u2028", "a\u3000",
                                 "a\xff",   std::string("a\0b", 3)};
  for (const std::string& name : refused) {
    const auto checked = check_state_name(name, "execution");
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().kind, ErrorKind::k_usage);
  }
}

TEST(StateNames, ParsesAndRendersStateMachineArns) {
  for (const std::string& arn :
       {std::string(k_arn),
        std::string("arn:aws-cn:states:cn-north-1:000000000000:stateMachine:x")})
    EXPECT_EQ(StateMachineArn::parse(arn).value().str(), arn);
  for (const char* text : {"", "PLATFORM", "arn:aws:states:eu-west-2:123456789012:stateMachine:",
                           "arn:aws:states:eu-west-2:12345678901:stateMachine:A",
                           "arn:aws:states::123456789012:stateMachine:A",
                           "arn:aws:lambda:eu-west-2:123456789012:stateMachine:A",
                           "arn:aws:states:eu-west-2:123456789012:execution:A",
                           "arn:aws:states:eu-west-2:123456789012:stateMachine:A:B",
                           "arn:aws:states:EU:123456789012:stateMachine:A"})
    EXPECT_EQ(StateMachineArn::parse(text).error().kind, ErrorKind::k_usage) << text;
}

}  // namespace
}  // namespace runpin
