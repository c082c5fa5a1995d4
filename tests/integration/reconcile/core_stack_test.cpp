#include "reconcile/core_stack.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/process.hpp"
#include "caddy/admin.hpp"
#include "chrony/config.hpp"
#include "coredns/zone.hpp"
#include "reconcile/reconciler.hpp"

// The core parts in real containers, with an instance, a subnet and a folder of the test's own.
namespace cell::reconcile {
namespace {

using std::chrono::milliseconds;

std::string variable(const char* name, const char* fallback) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? fallback : value;
}

class CoreStackOnTheEngine : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(engine_->info().ok()) << engine_->info().error().message;
    char pattern[] = "/tmp/cell-test-XXXXXX";
    directory_ = ::mkdtemp(pattern);
    const auto number = std::to_string(::getpid());
    const std::string prefix = "172.29." + std::to_string(::getpid() % 250 + 1) + ".";
    settings_.instance = "t-reconcile-" + number;
    settings_.directory = directory_;
    settings_.image_tag = variable("CELL_IMAGE_TAG", "1");
    settings_.network_ipv4 = prefix + "0/24";
    settings_.caddy.ipv4 = prefix + "2";
    settings_.dns.ipv4 = prefix + "3";
    settings_.ntp.ipv4 = prefix + "4";
    settings_.wireguard.ipv4 = prefix + "9";
    const auto base = static_cast<std::uint16_t>(20000 + ::getpid() % 1000 * 10);
    settings_.http_port = base;
    settings_.https_port = static_cast<std::uint16_t>(base + 1);
    settings_.dns_port = static_cast<std::uint16_t>(base + 2);
    settings_.ntp_port = static_cast<std::uint16_t>(base + 3);
    settings_.wg_port = static_cast<std::uint16_t>(base + 4);
    names_ = core_names(settings_.instance, directory_);
    for (const auto& container : core_stack(settings_).containers) {
      const auto image = engine_->image_id(container.spec.image);
      ASSERT_TRUE(image.ok()) << image.error().message;
      if (!image->has_value())
        GTEST_SKIP() << "image " << container.spec.image << " is not here; build the images first";
    }
    admin_ = caddy::connect(names_.caddy_admin_socket);
    hub_ = hub::connect_hub(names_.hub_socket, milliseconds{10'000});
    reconciler_ = make();
  }

  void TearDown() override {
    reconciler_.reset();
    const auto list = engine_->containers({{kLabelInstance, settings_.instance}});
    if (list) {
      for (const auto& container : *list) EXPECT_TRUE(engine_->remove_container(container.name).ok());
    }
    EXPECT_TRUE(engine_->remove_network(names_.network).ok());
    std::filesystem::remove_all(directory_);
  }

  std::unique_ptr<Reconciler> make() {
    Reconciler::Options options;
    options.engine = engine_.get();
    options.caddy = admin_.get();
    options.hub = hub_.get();
    options.clock = &clock_;
    options.log = logs_->logger("reconcile");
    options.desired = [this]() -> Result<Desired> { return desired(); };
    return std::make_unique<Reconciler>(std::move(options));
  }

  Desired desired() const {
    Desired desired = core_stack(settings_);
    const std::vector<coredns::Record> records = {{"nas", "A", nas_}};
    coredns::Settings dns;
    dns.zone = "home.cell";
    dns.directory = names_.dns_config.string();
    dns.hub_addresses = {settings_.wireguard.ipv4};
    const std::string zone = coredns::render_zone("home.cell", records, 0);
    desired.documents = {{"coredns",
                          {{names_.corefile, coredns::render_corefile(dns)},
                           {names_.dns_config / "vpn.zone", zone},
                           {names_.dns_config / "lan.zone", zone}},
                          names_.dns,
                          Tell::signal},
                         {"chrony",
                          {{names_.chrony_conf, chrony::render({{}, {settings_.network_ipv4}})}},
                          names_.ntp,
                          Tell::restart}};
    caddy::Settings proxy;
    proxy.admin_listen = "unix/" + names_.caddy_admin_socket.string();
    proxy.storage_path = names_.caddy_data.string();
    proxy.log_level = caddy_level_;
    desired.caddy = CaddyDocument{caddy::render(proxy), {}, names_.caddy_saved, names_.caddy};
    hub::Document hub;
    hub.private_key = "QEVJU1RJTkctS0VZLU9GLVRIRS1URVNULTAxMjM0NTY=";
    hub.listen_port = settings_.wg_port;
    hub.ipv4_address = "10.13.13.1";
    hub.ipv4_pool = "10.13.13.0/24";
    hub.cell_subnets = {settings_.network_ipv4};
    hub.forwards = {{53, "udp", settings_.dns.ipv4, "", 53, true}};
    desired.hub = HubDocument{hub, names_.wireguard};
    return desired;
  }

  std::map<std::string, std::string> ids() {
    std::map<std::string, std::string> out;
    const auto list = engine_->containers({{kLabelInstance, settings_.instance}});
    if (!list) return out;
    for (const auto& container : *list) out[container.name] = container.id + " " + container.state;
    return out;
  }
  static std::string unfinished(const RunReport& report) {
    std::string out;
    for (const State& state : report.unfinished)
      out += state.kind + "/" + state.name + ": " + (state.error ? state.error->message : "pending") + "\n";
    return out;
  }
  // What `dig` gets from the cell's DNS server.
  std::string look_up(const std::string& name) const {
    const auto answer = run_process({"dig", "+short", "+time=1", "+tries=2", "@" + settings_.dns.ipv4, name},
                                    milliseconds{10'000});
    return answer ? answer->out : answer.error().message;
  }
  template <class Condition>
  static bool eventually(Condition condition) {
    for (int i = 0; i < 200; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(milliseconds{50});
    }
    return false;
  }

  std::filesystem::path directory_;
  CoreSettings settings_;
  CoreNames names_;
  std::string nas_ = "192.0.2.7";
  std::string caddy_level_ = "INFO";
  SystemClock clock_;
  std::unique_ptr<log::Logs> logs_ = log::Logs::null();
  std::unique_ptr<engine::Engine> engine_ =
      engine::connect(variable("CELL_ENGINE_SOCKET", "/var/run/docker.sock"));
  std::unique_ptr<caddy::Admin> admin_;
  std::unique_ptr<hub::Hub> hub_;
  std::unique_ptr<Reconciler> reconciler_;
};

TEST_F(CoreStackOnTheEngine, ComesUpIsLeftAloneAndIsMended) {
  const RunReport first = reconciler_->run_now();
  ASSERT_TRUE(first.converged()) << unfinished(first);
  const auto made = ids();
  ASSERT_EQ(made.size(), 4U);

  const RunReport second = reconciler_->run_now();
  EXPECT_EQ(second.changes, 0);
  EXPECT_EQ(ids(), made);
  EXPECT_TRUE(eventually([&] { return look_up("nas.home.cell") == "192.0.2.7\n"; }))
      << look_up("nas.home.cell");

  ASSERT_TRUE(engine_->remove_container(names_.dns).ok());
  ASSERT_TRUE(engine_->stop_container(names_.ntp, std::chrono::seconds{1}).ok());
  ASSERT_TRUE(
      run_checked({"docker", "network", "disconnect", names_.network, names_.caddy}, milliseconds{20'000})
          .ok());
  ASSERT_TRUE(
      run_checked({"docker", "rename", names_.wireguard, names_.wireguard + "-x"}, milliseconds{20'000})
          .ok());

  const RunReport mended = reconciler_->run_now();
  EXPECT_TRUE(mended.converged()) << unfinished(mended);
  const auto again = ids();
  EXPECT_EQ(again.size(), 4U);
  for (const auto& name : {names_.caddy, names_.dns, names_.ntp, names_.wireguard}) {
    ASSERT_TRUE(again.contains(name)) << name;
    EXPECT_TRUE(again.at(name).ends_with(" running")) << name;
  }
  EXPECT_EQ(reconciler_->run_now().changes, 0);
}

TEST_F(CoreStackOnTheEngine, OneSaveReachesDnsAndProxyWithoutARestart) {
  ASSERT_TRUE(reconciler_->run_now().converged());
  ASSERT_TRUE(eventually([&] { return look_up("nas.home.cell") == "192.0.2.7\n"; }))
      << look_up("nas.home.cell");
  const auto made = ids();
  nas_ = "192.0.2.99";
  caddy_level_ = "WARN";

  const RunReport report = reconciler_->run_now();

  EXPECT_TRUE(report.converged()) << unfinished(report);
  EXPECT_EQ(report.changes, 2);
  EXPECT_EQ(ids(), made);
  EXPECT_TRUE(eventually([&] { return look_up("nas.home.cell") == "192.0.2.99\n"; }))
      << look_up("nas.home.cell");
  EXPECT_EQ(admin_->current().value()["logging"]["logs"]["default"]["level"], "WARN");
}

TEST_F(CoreStackOnTheEngine, ProxyThatWasKilledComesBackWithItsDocumentWithoutCelld) {
  ASSERT_TRUE(reconciler_->run_now().converged());
  reconciler_.reset();
  // Without grace the engine kills it (SIGKILL) and starts it again: its socket is left behind.
  ASSERT_TRUE(engine_->restart_container(names_.caddy, std::chrono::seconds{0}).ok());

  EXPECT_TRUE(eventually([&] {
    const auto current = admin_->current();
    return current && *current == desired().caddy->document;
  }));
}

TEST_F(CoreStackOnTheEngine, AnswersForLogsExecAndStats) {
  ASSERT_TRUE(reconciler_->run_now().converged());

  Result<chrony::Tracking> tracking = Error{Code::unavailable, "not asked yet"};
  EXPECT_TRUE(eventually([&] {
    const auto output = engine_->exec(names_.ntp, {"chronyc", "-c", "tracking"}, milliseconds{10'000});
    if (output && output->exit_code == 0) tracking = chrony::parse_tracking(output->out);
    return tracking.ok();
  }));
  ASSERT_TRUE(tracking.ok()) << tracking.error().message;
  EXPECT_FALSE(tracking->synchronised);
  const auto failing = engine_->exec(names_.ntp, {"chronyc", "no-such-command"}, milliseconds{10'000});
  ASSERT_TRUE(failing.ok()) << failing.error().message;
  EXPECT_NE(failing->exit_code, 0);

  const auto lines = engine_->logs(names_.caddy, 100, "");
  ASSERT_TRUE(lines.ok()) << lines.error().message;
  ASSERT_FALSE(lines->empty());
  const auto later = engine_->logs(names_.caddy, 100, lines->back().time);
  ASSERT_TRUE(later.ok());
  EXPECT_LE(later->size(), 2U);

  ASSERT_TRUE(engine_->stats(names_.dns).ok());
  const auto stats = engine_->stats(names_.dns);
  ASSERT_TRUE(stats.ok()) << stats.error().message;
  EXPECT_GT(stats->memory_bytes, 1'000'000U);
  EXPECT_GE(stats->cpu_percent, 0.0);
  EXPECT_GT(stats->pids, 0U);
}

TEST_F(CoreStackOnTheEngine, ControlThreadMendsARemovedContainerByItself) {
  reconciler_->start();
  ASSERT_TRUE(eventually([&] { return ids().size() == 4U; }));
  ASSERT_TRUE(eventually([&] { return look_up("nas.home.cell") == "192.0.2.7\n"; }));

  ASSERT_TRUE(engine_->remove_container(names_.dns).ok());

  EXPECT_TRUE(eventually([&] { return look_up("nas.home.cell") == "192.0.2.7\n"; }));
  EXPECT_EQ(ids().size(), 4U);
}

}  // namespace
}  // namespace cell::reconcile
