#pragma once

#include <stdexcept>

#include "domain/services/active.hpp"
#include "unit/support/place.hpp"

namespace cell::services {

inline Frame sample_frame() {
  return {test::sample_place().core, "home.cell", "Europe/Vienna", "192.168.1.5"};
}

// Notes: a web server with a page for its people, a port of its own and a volume.
inline plugin::Manifest notes_manifest(const std::string& version = "1.0.0") {
  auto manifest = plugin::parse_manifest(R"(schema: 1
id: notes
version: )" + version + R"(
name: {en: Notes}
summary: {en: Notes for everybody}
kind: declarative
category: notes
provides: [service]
license: MIT
images:
  web: {packages: [nginx-light, gettext-base], users: [{name: notes, id: 900}], directories: [{path: /srv/notes, user: notes, mode: "0750"}]}
permissions:
  - {capability: containers, reason: {en: The web server}}
  - {capability: hosts, hosts: [notes, admin-notes], reason: {en: Its pages}}
  - {capability: ports, ports: [{port: 4000, protocol: tcp, expose: lan}, {port: 25, protocol: tcp, expose: public}], reason: {en: Its own protocol}}
  - {capability: dns, reason: {en: Mail}}
  - {capability: exits, reason: {en: A way out}}
options:
  type: object
  additionalProperties: false
  properties:
    greeting: {type: string, default: hello}
    token: {type: string, x-secret: true}
resources: {memory_mb: 64, disk_mb: 100}
contributions: {}
)");
  if (!manifest) throw std::runtime_error(manifest.error().message);
  return *manifest;
}

inline Json notes_contributions() {
  return Json::parse(R"({
    "containers": [
      {"name": "web", "image": "web", "user": "notes", "command": ["serve"], "environment": {"A": "b"},
       "files": [{"path": "/etc/notes/main.conf", "content": "x", "mode": "0600"}, {"path": "/etc/notes/more.conf", "content": "y"}],
       "volumes": [{"volume": "data", "path": "/var/notes"}], "tmpfs": ["/tmp"], "memory_mb": 64, "on_change": "hup",
       "ports": [{"port": 4000, "container_port": 400, "protocol": "tcp", "expose": "lan"}]},
      {"name": "worker", "image": "web", "user": "notes", "after": ["web"]}],
    "volumes": [{"name": "data", "backup": "cold"}],
    "routes": [{"to": {"container": "web", "port": 80}, "auth": "none"},
               {"path": "/api/", "to": {"container": "web", "port": 81}, "auth": "login", "headers": {"X-User": "{person}"}}],
    "well_known": [{"name": "notes", "path": "/dav/"}],
    "dns": [{"name": "@", "type": "MX", "value": "10 notes"}, {"name": "more", "type": "A", "value": "{cell}"}],
    "ui": {"open": "/app"}})");
}

inline Active notes(const Json& document = notes_contributions(), const std::string& version = "1.0.0") {
  Active service;
  service.manifest = notes_manifest(version);
  auto parts = plugin::parse_contributions(document, service.manifest);
  if (!parts) throw std::runtime_error(parts.error().message);
  service.parts = *parts;
  service.entry = {"notes", version, std::string(64, 'a'), "cell", "notes"};
  service.entry.installed_at = "2026-11-25T03:00:00Z";
  service.entry.addresses = {{"web", {"172.20.0.16", "fd00:20::10"}},
                             {"worker", {"172.20.0.17", "fd00:20::11"}}};
  service.entry.images = {{"web", "pic/svc-notes-web:0123456789abcdef"}};
  service.entry.hosts = {"notes"};
  return service;
}

}  // namespace cell::services
