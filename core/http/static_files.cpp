#include "http/static_files.hpp"

#include "base/atomic_file.hpp"

namespace cell::http {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPolicy =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'";

std::string content_type_of(const fs::path& path) {
  static const std::map<std::string, std::string> kTypes{
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},         {".svg", "image/svg+xml"},                 {".png", "image/png"},
      {".ico", "image/x-icon"},              {".woff2", "font/woff2"},                  {".webmanifest", "application/manifest+json"},
      {".txt", "text/plain; charset=utf-8"}};
  const auto found = kTypes.find(path.extension().string());
  return found == kTypes.end() ? "application/octet-stream" : found->second;
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

bool accepts(std::string_view header, std::string_view encoding) {
  const auto at = header.find(encoding);
  return at != std::string_view::npos && !header.substr(at + encoding.size()).starts_with(";q=0");
}

}  // namespace

struct StaticFiles::Impl {
  std::map<std::string, File, std::less<>> files;  // by path: "/assets/index-4f3a.js"
};

StaticFiles::StaticFiles(const fs::path& root) : impl_(std::make_unique<Impl>()) {
  std::error_code problem;
  for (const auto& entry : fs::recursive_directory_iterator(root, problem)) {
    const fs::path& path = entry.path();
    if (!entry.is_regular_file(problem) || entry.is_symlink(problem) || path.extension() == ".br" || path.extension() == ".gz") continue;
    File file{content_type_of(path), false, {}};
    for (const auto& [suffix, encoding] : {std::pair{".br", "br"}, std::pair{".gz", "gzip"}, std::pair{"", ""}}) {
      if (auto body = read_file(path.string() + suffix)) {
        const std::string etag = etag_of(*body);
        file.variants.push_back({encoding, std::move(body).value(), etag});
      }
    }
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
  // A page's own address (no file extension) is one of the UI's routes.
  if (found == impl_->files.end() && request.path.find('.') == std::string::npos) found = impl_->files.find("/index.html");
  if (found == impl_->files.end()) return Response::text("not found\n", "text/plain; charset=utf-8", 404);
  const File& file = found->second;
  const auto variant = std::find_if(file.variants.begin(), file.variants.end(), [&](const Variant& v) {
    return v.encoding.empty() || accepts(request.header("Accept-Encoding"), v.encoding);
  });
  Response response;
  response.content_type = file.content_type;
  response.headers.emplace("ETag", variant->etag);
  response.headers.emplace("Vary", "Accept-Encoding");
  response.headers.emplace("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.emplace("Content-Security-Policy", kPolicy);
  if (!variant->encoding.empty()) response.headers.emplace("Content-Encoding", variant->encoding);
  if (request.header("If-None-Match") == variant->etag) response.status = 304;
  else response.body = variant->body;
  return response;
}

}  // namespace cell::http
