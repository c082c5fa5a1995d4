#include "http/static_files.hpp"

#include "base/atomic_file.hpp"

namespace cell::http {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnknownType = "application/octet-stream";

std::string content_type_of(const fs::path& path) {
  static const std::map<std::string, std::string> kTypes{{".html", "text/html; charset=utf-8"},
                                                         {".js", "text/javascript; charset=utf-8"},
                                                         {".css", "text/css; charset=utf-8"},
                                                         {".json", "application/json"},
                                                         {".svg", "image/svg+xml"},
                                                         {".png", "image/png"},
                                                         {".ico", "image/x-icon"},
                                                         {".woff2", "font/woff2"},
                                                         {".webmanifest", "application/manifest+json"},
                                                         {".txt", "text/plain; charset=utf-8"}};
  const auto found = kTypes.find(path.extension().string());
  return found == kTypes.end() ? std::string(kUnknownType) : found->second;
}

struct Variant {
  std::string encoding;  // "br", "gzip" or empty
  std::string body;
  std::string etag;
};

struct File {
  std::string content_type;
  bool immutable = false;
  std::vector<Variant> variants;  // best first, plain last
};

std::string etag_of(const std::string& body) {
  return "\"" + std::to_string(std::hash<std::string>{}(body)) + "-" + std::to_string(body.size()) + "\"";
}

// A browser that is answered 304 keeps the policy it got with the body, so another policy is another version.
std::string with_policy(const std::string& etag, const std::string& policy) {
  return etag.substr(0, etag.size() - 1) + "-" + std::to_string(std::hash<std::string>{}(policy)) + "\"";
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Calls `visit` for each trimmed member of a comma-separated list until it says true.
template <class Visit>
bool any_member(std::string_view list, const Visit& visit) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    if (visit(trim(list.substr(0, end)))) return true;
    list.remove_prefix(std::min(list.size(), end + 1));
  }
  return false;
}

// RFC 9110 §12.5.3; a weight counts only when it is zero.
bool accepts(std::string_view header, std::string_view encoding) {
  return any_member(header, [&](std::string_view member) {
    const auto semicolon = std::min(member.find(';'), member.size());
    if (trim(member.substr(0, semicolon)) != encoding) return false;
    const std::string_view weight = trim(member.substr(std::min(member.size(), semicolon + 1)));
    return !weight.starts_with("q=0") || weight.find_first_not_of("0.", 2) != std::string_view::npos;
  });
}

// RFC 9110 §13.1.2: weak comparison.
bool matches(std::string_view if_none_match, std::string_view etag) {
  return any_member(if_none_match, [&](std::string_view member) {
    if (member.starts_with("W/")) member.remove_prefix(2);
    return member == "*" || member == etag;
  });
}

// Something that is asked for as a file; anything else without a file is a page of the UI,
// "/peers/laptop.home" too.
bool looks_like_file(const fs::path& path) {
  return path.string().starts_with("/assets/") || content_type_of(path) != kUnknownType;
}

}  // namespace

struct StaticFiles::Impl {
  std::map<std::string, File, std::less<>> files;  // by path: "/assets/index-4f3a.js"
  Sources sources;
};

StaticFiles::StaticFiles(const fs::path& root, Sources sources) : impl_(std::make_unique<Impl>()) {
  impl_->sources = std::move(sources);
  std::error_code problem;
  for (const auto& entry : fs::recursive_directory_iterator(root, problem)) {
    const fs::path& path = entry.path();
    if (!entry.is_regular_file(problem) || entry.is_symlink(problem) || path.extension() == ".br" ||
        path.extension() == ".gz")
      continue;
    File file{content_type_of(path), false, {}};
    for (const auto& [suffix, encoding] :
         {std::pair{".br", "br"}, std::pair{".gz", "gzip"}, std::pair{"", ""}}) {
      if (auto body = read_file(path.string() + suffix)) {
        const std::string etag = etag_of(*body);
        file.variants.push_back({encoding, std::move(body).value(), etag});
      }
    }
    if (file.variants.empty() || !file.variants.back().encoding.empty())
      continue;  // the file itself could not be read
    const std::string name = "/" + fs::relative(path, root, problem).string();
    file.immutable = name.starts_with("/assets/");
    impl_->files[name] = std::move(file);
  }
}

StaticFiles::~StaticFiles() = default;
bool StaticFiles::empty() const { return impl_->files.empty(); }

Response StaticFiles::serve(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") {
    Response response = Response::text("only GET is served here\n", "text/plain; charset=utf-8", 405);
    response.headers.emplace("Allow", "GET, HEAD");
    return response;
  }
  auto found = impl_->files.find(request.path);
  if (found == impl_->files.end() && !looks_like_file(request.path)) found = impl_->files.find("/index.html");
  if (found == impl_->files.end()) return Response::text("not found\n", "text/plain; charset=utf-8", 404);
  const File& file = found->second;
  const auto variant = std::find_if(file.variants.begin(), file.variants.end(), [&](const Variant& v) {
    return v.encoding.empty() || accepts(request.header("Accept-Encoding"), v.encoding);
  });
  const bool may_ask = impl_->sources && !file.immutable;
  const std::string policy = content_policy(may_ask ? impl_->sources(request) : PageSources{});
  const std::string etag = with_policy(variant->etag, policy);
  Response response;
  response.content_type = file.content_type;
  response.headers.emplace("ETag", etag);
  response.headers.emplace("Vary", "Accept-Encoding");
  response.headers.emplace("Cache-Control",
                           file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.emplace("Content-Security-Policy", policy);
  if (!variant->encoding.empty()) response.headers.emplace("Content-Encoding", variant->encoding);
  if (matches(request.header("If-None-Match"), etag))
    response.status = 304;
  else
    response.body = variant->body;
  return response;
}

}  // namespace cell::http
