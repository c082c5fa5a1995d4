// Package rfc2136 lets Caddy prove a domain through DNS UPDATE (RFC 2136) signed with TSIG (RFC 8945),
// for owners who run their zone on BIND, Knot, PowerDNS or the like. Its JSON fields are those of the
// caddy-dns module of the same name, so configurations can be carried over.
package rfc2136

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/libdns/libdns"
	"github.com/miekg/dns"
)

const (
	requestTimeout = 10 * time.Second
	clockFudge     = 300 // seconds, RFC 8945 section 10
)

func init() { caddy.RegisterModule(Provider{}) }

// Provider speaks to one primary server. Key is base64, Server is "host" or "host:port".
type Provider struct {
	KeyName string `json:"key_name,omitempty"`
	KeyAlg  string `json:"key_alg,omitempty"`
	Key     string `json:"key,omitempty"`
	Server  string `json:"server,omitempty"`
}

func (Provider) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "dns.providers.rfc2136", New: func() caddy.Module { return new(Provider) }}
}

// Provision fills in placeholders and refuses a provider that could never work.
func (p *Provider) Provision(caddy.Context) error {
	replacer := caddy.NewReplacer()
	for _, field := range []*string{&p.KeyName, &p.KeyAlg, &p.Key, &p.Server} {
		*field = replacer.ReplaceAll(*field, "")
	}
	if p.KeyAlg == "" {
		p.KeyAlg = dns.HmacSHA256
	}
	if p.KeyName == "" || p.Key == "" || p.Server == "" {
		return errors.New("rfc2136 needs key_name, key and server")
	}
	if _, _, err := net.SplitHostPort(p.Server); err != nil {
		p.Server = net.JoinHostPort(p.Server, "53")
	}
	return nil
}

// AppendRecords adds to what the names already hold.
func (p *Provider) AppendRecords(ctx context.Context, zone string, records []libdns.Record) ([]libdns.Record, error) {
	return records, p.update(ctx, zone, records, (*dns.Msg).Insert)
}

// DeleteRecords removes exactly the given records; one that is not there is no error.
func (p *Provider) DeleteRecords(ctx context.Context, zone string, records []libdns.Record) ([]libdns.Record, error) {
	return records, p.update(ctx, zone, records, (*dns.Msg).Remove)
}

func (p *Provider) update(ctx context.Context, zone string, records []libdns.Record, edit func(*dns.Msg, []dns.RR)) error {
	rrs := make([]dns.RR, 0, len(records))
	for _, record := range records {
		rr, err := toRR(record.RR(), zone)
		if err != nil {
			return err
		}
		rrs = append(rrs, rr)
	}
	message := new(dns.Msg)
	message.SetUpdate(dns.Fqdn(zone))
	edit(message, rrs)
	return p.send(ctx, message)
}

func (p *Provider) send(ctx context.Context, message *dns.Msg) error {
	keyName := dns.CanonicalName(p.KeyName)
	message.SetTsig(keyName, dns.CanonicalName(p.KeyAlg), clockFudge, time.Now().Unix())
	// TCP: an update with a TSIG easily outgrows one UDP datagram, and is not repeated by accident.
	client := &dns.Client{Net: "tcp", Timeout: requestTimeout, TsigSecret: map[string]string{keyName: p.Key}}
	answer, _, err := client.ExchangeContext(ctx, message, p.Server)
	if err != nil {
		return fmt.Errorf("rfc2136 update at %s: %w", p.Server, err)
	}
	if answer.Rcode != dns.RcodeSuccess {
		return fmt.Errorf("rfc2136 update at %s was answered with %s", p.Server, dns.RcodeToString[answer.Rcode])
	}
	return nil
}

// toRR quotes TXT data itself: ACME hands over the bare value, and zone syntax would split it at spaces.
func toRR(record libdns.RR, zone string) (dns.RR, error) {
	name := libdns.AbsoluteName(record.Name, dns.Fqdn(zone))
	if record.Type == "TXT" {
		return &dns.TXT{
			Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: uint32(record.TTL.Seconds())},
			Txt: chunks(record.Data),
		}, nil
	}
	rr, err := dns.NewRR(fmt.Sprintf("%s %d IN %s %s", name, int(record.TTL.Seconds()), record.Type, record.Data))
	if err != nil {
		return nil, fmt.Errorf("rfc2136: %s record for %s: %w", record.Type, name, err)
	}
	if rr == nil {
		return nil, fmt.Errorf("rfc2136: %s record for %s has no data", record.Type, name)
	}
	return rr, nil
}

// chunks cuts at 255 bytes, the longest character-string DNS knows.
func chunks(text string) []string {
	var parts []string
	for len(text) > 255 {
		parts = append(parts, text[:255])
		text = text[255:]
	}
	return append(parts, text)
}

var (
	_ caddy.Provisioner     = (*Provider)(nil)
	_ libdns.RecordAppender = (*Provider)(nil)
	_ libdns.RecordDeleter  = (*Provider)(nil)
)
