package rfc2136

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/libdns/libdns"
	"github.com/miekg/dns"
)

const secret = "c2VjcmV0LXRlc3Qta2V5LW9mLTMyLWJ5dGVzLWxlbmd0aA=="

type primary struct {
	mutex  sync.Mutex
	seen   []*dns.Msg
	signed []bool
	rcode  int
}

func (p *primary) ServeDNS(writer dns.ResponseWriter, request *dns.Msg) {
	p.mutex.Lock()
	p.seen = append(p.seen, request)
	p.signed = append(p.signed, request.IsTsig() != nil && writer.TsigStatus() == nil)
	p.mutex.Unlock()
	answer := new(dns.Msg)
	answer.SetRcode(request, p.rcode)
	if writer.TsigStatus() == nil {
		answer.SetTsig("cell.", dns.HmacSHA256, clockFudge, time.Now().Unix())
	} else {
		answer.Rcode = dns.RcodeNotAuth
	}
	_ = writer.WriteMsg(answer)
}

func start(t *testing.T, rcode int) (*primary, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	handler := &primary{rcode: rcode}
	server := &dns.Server{Listener: listener, Handler: handler, TsigSecret: map[string]string{"cell.": secret},
		MsgAcceptFunc: func(dns.Header) dns.MsgAcceptAction { return dns.MsgAccept }}
	go func() { _ = server.ActivateAndServe() }()
	t.Cleanup(func() { _ = server.Shutdown() })
	return handler, listener.Addr().String()
}

func provider(t *testing.T, server, key string) *Provider {
	t.Helper()
	p := &Provider{KeyName: "cell", Key: key, Server: server}
	if err := p.Provision(caddy.Context{}); err != nil {
		t.Fatal(err)
	}
	return p
}

var challenge = []libdns.Record{libdns.TXT{Name: "_acme-challenge.home", TTL: time.Minute, Text: "abc def"}}

func TestAppendSendsSignedUpdate(t *testing.T) {
	handler, address := start(t, dns.RcodeSuccess)
	if _, err := provider(t, address, secret).AppendRecords(context.Background(), "example.org.", challenge); err != nil {
		t.Fatal(err)
	}
	if !handler.signed[0] {
		t.Fatal("the update carried no valid signature")
	}
	update := handler.seen[0]
	if update.Opcode != dns.OpcodeUpdate || update.Question[0].Name != "example.org." {
		t.Fatalf("not an update of the zone: %v", update)
	}
	got := strings.ReplaceAll(update.Ns[0].String(), "\t", " ")
	if want := `_acme-challenge.home.example.org. 60 IN TXT "abc def"`; got != want {
		t.Fatalf("got %s\nwant %s", got, want)
	}
}

func TestDeleteRemovesOneRecordOnly(t *testing.T) {
	handler, address := start(t, dns.RcodeSuccess)
	if _, err := provider(t, address, secret).DeleteRecords(context.Background(), "example.org.", challenge); err != nil {
		t.Fatal(err)
	}
	header := handler.seen[0].Ns[0].Header()
	if header.Class != dns.ClassNONE || header.Ttl != 0 || header.Rrtype != dns.TypeTXT {
		t.Fatalf("want a removal of one record (class NONE), got %v", header)
	}
}

func TestRefusalAndWrongKeyAreErrors(t *testing.T) {
	_, refusing := start(t, dns.RcodeRefused)
	if _, err := provider(t, refusing, secret).AppendRecords(context.Background(), "example.org.", challenge); err == nil ||
		!strings.Contains(err.Error(), "REFUSED") {
		t.Fatalf("want REFUSED, got %v", err)
	}
	_, willing := start(t, dns.RcodeSuccess)
	wrong := "d3JvbmcgdGVzdCBrZXkgb2YgMzIgYnl0ZXMgbGVuZ3RoISE="
	if _, err := provider(t, willing, wrong).AppendRecords(context.Background(), "example.org.", challenge); err == nil {
		t.Fatal("an update signed with the wrong key was taken for done")
	}
}

func TestProvisionRefusesHalfAConfiguration(t *testing.T) {
	if err := (&Provider{KeyName: "cell"}).Provision(caddy.Context{}); err == nil {
		t.Fatal("a provider without key and server was accepted")
	}
}

func TestDefaultPort(t *testing.T) {
	if p := provider(t, "192.0.2.53", secret); p.Server != "192.0.2.53:53" {
		t.Fatalf("got %s", p.Server)
	}
}

func TestLongTextIsCutAt255(t *testing.T) {
	parts := chunks(strings.Repeat("x", 600))
	if len(parts) != 3 || len(parts[0]) != 255 || len(parts[1]) != 255 || len(parts[2]) != 90 {
		t.Fatalf("got %d parts", len(parts))
	}
}
