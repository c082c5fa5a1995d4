// Command caddy is Caddy with its standard modules and the DNS providers a cell can prove its domain with.
package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"

	_ "github.com/caddyserver/caddy/v2/modules/standard"

	_ "github.com/caddy-dns/cloudflare"
	_ "github.com/caddy-dns/duckdns"

	_ "cell.invalid/images/caddy/rfc2136"
)

func main() { caddycmd.Main() }
