package main

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	shareLife    = 7 * 24 * time.Hour
	minShareLife = time.Minute
	maxShareLife = 365 * 24 * time.Hour
)

func (c *call) shareDocument(share Share) map[string]any {
	document := map[string]any{"id": share.ID, "path": share.Path, "label": share.Label, "created": share.Created, "expires": nil,
		"expired": share.isExpired(time.Now()), "missing": true, "kind": "file"}
	if !share.Expires.IsZero() {
		document["expires"] = share.Expires
	}
	if info, err := c.home.stat(share.Path); err == nil {
		document["missing"], document["kind"] = false, kindOf(info)
	}
	return document
}

func getShares(c *call) error {
	only := c.r.URL.Query().Get("path")
	items := []any{}
	for _, share := range c.store.shares.listOf(c.home.login) {
		if only == "" || path.Clean(only) == share.Path {
			items = append(items, c.shareDocument(share))
		}
	}
	return c.answer(http.StatusOK, map[string]any{"items": items})
}

// lifeOf reads expires_in_s: seconds, null for ever, a week where it is not there.
func lifeOf(given json.RawMessage) (time.Duration, bool, error) {
	if given == nil {
		return shareLife, true, nil
	}
	if string(given) == "null" {
		return 0, false, nil
	}
	var seconds int64
	if err := json.Unmarshal(given, &seconds); err != nil || seconds < int64(minShareLife.Seconds()) || seconds > int64(maxShareLife.Seconds()) {
		return 0, false, invalid("expires_in_s is not a whole number from 60 to 31536000, or null")
	}
	return time.Duration(seconds) * time.Second, true, nil
}

func postShare(c *call) error {
	var wanted struct {
		Path  string          `json:"path"`
		Life  json.RawMessage `json:"expires_in_s"`
		Label string          `json:"label"`
	}
	if err := c.read(&wanted); err != nil {
		return err
	}
	if !c.config.ShareLinks {
		return problem{http.StatusForbidden, "forbidden", "share links are switched off in this cell"}
	}
	if utf8.RuneCountInString(wanted.Label) > 100 {
		return invalid("label is longer than 100 characters")
	}
	if _, err := c.home.stat(wanted.Path); err != nil {
		return err
	}
	life, ends, err := lifeOf(wanted.Life)
	if err != nil {
		return err
	}
	share := Share{Login: c.home.login, Path: path.Clean(wanted.Path), Label: strings.TrimSpace(wanted.Label), Created: time.Now().UTC().Truncate(time.Second)}
	if ends {
		share.Expires = share.Created.Add(life)
	}
	share, token, err := c.store.shares.add(share)
	if err != nil {
		return err
	}
	document := c.shareDocument(share)
	document["url"] = c.config.Address + "/s/" + token
	return c.answer(http.StatusCreated, document)
}

func deleteShare(c *call) error {
	if err := c.store.shares.remove(c.home.login, c.r.PathValue("id")); err != nil {
		return err
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}
