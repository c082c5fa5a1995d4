package main

import (
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
)

// Config is what plugins/files writes.
type Config struct {
	Address    string    `json:"address"`     // of this service: https://files.home.cell
	Page       string    `json:"page"`        // of the cell's web UI: https://home.cell
	ProxyKey   string    `json:"proxy_key"`   // what the cell's proxy sends along with the person's login
	ShareLinks bool      `json:"share_links"` // whether people may make links that need no password
	Accounts   []Account `json:"accounts"`
}

// Account is a person. One password a device.
type Account struct {
	Login     string   `json:"login"`
	Name      string   `json:"name"`
	QuotaMB   *int64   `json:"quota_mb"`
	Passwords []string `json:"passwords"` // {SSHA512}…
}

var loginPattern = regexp.MustCompile(`^[a-z0-9_][a-z0-9._-]{0,63}$`)

func readConfig(path string) (*Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	config := &Config{}
	if err := json.Unmarshal(text, config); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(config.ProxyKey) < 32 {
		return nil, fmt.Errorf("%s: proxy_key is shorter than 32 characters", path)
	}
	for _, account := range config.Accounts {
		if !loginPattern.MatchString(account.Login) {
			return nil, fmt.Errorf("%s: the login %q can't name a folder", path, account.Login)
		}
	}
	return config, nil
}

const maxPassword = 1024

// accepts tells whether one of the account's devices has this password. They are random and long, so a fast hash is enough, and
// WebDAV sends one with every request.
func (account Account) accepts(password string) bool {
	accepted := false
	for _, hash := range account.Passwords {
		text, found := strings.CutPrefix(hash, "{SSHA512}")
		blob, err := base64.StdEncoding.DecodeString(text)
		if !found || err != nil || len(blob) <= sha512.Size || len(password) > maxPassword {
			continue
		}
		digest := sha512.Sum512(append([]byte(password), blob[sha512.Size:]...))
		if subtle.ConstantTimeCompare(digest[:], blob[:sha512.Size]) == 1 {
			accepted = true
		}
	}
	return accepted
}

// allows tells whether a browser page of this origin may use the API. The proxy's port may be another one than 443.
func (config *Config) allows(origin string) bool {
	from, err := url.Parse(origin)
	if err != nil || from.Scheme != "https" {
		return false
	}
	for _, address := range []string{config.Page, config.Address} {
		if own, err := url.Parse(address); err == nil && own.Hostname() != "" && strings.EqualFold(own.Hostname(), from.Hostname()) {
			return true
		}
	}
	return false
}
