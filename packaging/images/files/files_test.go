package main

import (
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func newHome(t *testing.T, quotaMB int64) *Home {
	t.Helper()
	store, err := openStore(t.TempDir(), &Config{Accounts: []Account{{Login: "ada", QuotaMB: &quotaMB}}})
	if err != nil {
		t.Fatal(err)
	}
	home, err := store.homeOf("ada")
	if err != nil {
		t.Fatal(err)
	}
	return home
}

func write(t *testing.T, home *Home, name, text string) error {
	t.Helper()
	file, err := home.create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, strings.NewReader(text))
	return errors.Join(err, file.Close())
}

func leftovers(t *testing.T, home *Home) int {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(home.folder, uploadsFolder))
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestPathsStayBelowTheRoot(t *testing.T) {
	for name, wanted := range map[string]string{"/": "files", "/a/b": "files/a/b", "/a//b/": "files/a/b", "/ä": "files/ä"} {
		if got, err := local(name); err != nil || got != wanted {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "a", "../a", "/../a", "/a/../b", "/a/./b", "/a\x00", "/a\nb", "/\xff", "/" + strings.Repeat("x", 256), strings.Repeat("/x", 3000)} {
		if got, err := local(name); err == nil {
			t.Errorf("%q: taken as %q", name, got)
		}
	}
}

func TestALinkThatLeadsOutIsNotFollowed(t *testing.T) {
	home := newHome(t, 0)
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(home.folder, filesFolder, "way-out")); err != nil {
		t.Fatal(err)
	}
	if file, err := home.open("/way-out"); err == nil {
		file.Close()
		t.Error("a link led out of the person's folder")
	}
}

func TestAFileThatBreaksOffLeavesWhatWasThere(t *testing.T) {
	home := newHome(t, 0)
	if err := write(t, home, "/a", "whole"); err != nil {
		t.Fatal(err)
	}
	file, err := home.create("/a")
	if err != nil {
		t.Fatal(err)
	}
	broken := io.MultiReader(strings.NewReader("half"), readerOf(func([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }))
	if _, err := io.Copy(file, broken); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("copying: %v", err)
	}
	if err := file.Close(); err == nil {
		t.Error("half a file was taken")
	}
	text, _ := home.root.ReadFile("files/a")
	if string(text) != "whole" || leftovers(t, home) != 0 {
		t.Errorf("there is %q, and %d leftovers", text, leftovers(t, home))
	}
	if used, _, _ := home.usage.room(home.folder); used != 5 {
		t.Errorf("%d bytes in use", used)
	}
}

type readerOf func([]byte) (int, error)

func (read readerOf) Read(bytes []byte) (int, error) { return read(bytes) }

func TestQuotaCountsWhatAFileGrowsBy(t *testing.T) {
	home := newHome(t, 1)
	if err := write(t, home, "/a", strings.Repeat("x", 700<<10)); err != nil {
		t.Fatal(err)
	}
	if err := write(t, home, "/a", strings.Repeat("y", 800<<10)); err != nil {
		t.Errorf("replacing: %v", err)
	}
	if err := write(t, home, "/b", strings.Repeat("z", 300<<10)); !errors.Is(err, errQuota) {
		t.Errorf("over the quota: %v", err)
	}
	if _, err := home.stat("/b"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what did not fit is there: %v", err)
	}
	if err := home.remove("/a"); err != nil {
		t.Fatal(err)
	}
	home.usage.mutex.Lock()
	defer home.usage.mutex.Unlock()
	if home.usage.used != 0 || home.usage.reserved != 0 {
		t.Errorf("%d used, %d reserved", home.usage.used, home.usage.reserved)
	}
}

func TestUploadsAreFoundAfterARestart(t *testing.T) {
	home := newHome(t, 0)
	upload := &Upload{Path: "/a", Size: 10, Created: time.Now()}
	if err := home.begin(upload); err != nil {
		t.Fatal(err)
	}
	if _, err := home.append(upload, 0, strings.NewReader("01234")); err != nil {
		t.Fatal(err)
	}
	again, err := openHome("ada", home.folder)
	if err != nil {
		t.Fatal(err)
	}
	found, ok := again.upload(upload.ID)
	if !ok {
		t.Fatal("the upload is gone")
	}
	if offset, _, _ := again.offset(found); offset != 5 {
		t.Errorf("offset %d", offset)
	}
	again.removeExpired(time.Now().Add(uploadLife + time.Hour))
	if len(again.unfinished()) != 0 || leftovers(t, again) != 0 {
		t.Error("an upload that ended stays")
	}
}

func TestAnUploadIsSettledOnce(t *testing.T) {
	home := newHome(t, 1)
	upload := &Upload{Path: "/a", Size: 5, Created: time.Now()}
	if err := home.begin(upload); err != nil {
		t.Fatal(err)
	}
	if _, err := home.append(upload, 0, strings.NewReader("01234")); err != nil {
		t.Fatal(err)
	}
	if err := home.finish(upload); err != nil {
		t.Fatal(err)
	}
	home.cancel(upload) // asked for before the end, and late
	home.usage.mutex.Lock()
	defer home.usage.mutex.Unlock()
	if home.usage.used != 5 || home.usage.reserved != 0 {
		t.Errorf("%d used, %d reserved", home.usage.used, home.usage.reserved)
	}
}

func TestAFolderGoesNeitherIntoItselfNorOverItsParent(t *testing.T) {
	home := newHome(t, 0)
	for _, name := range []string{"/photos", "/photos/photos", "/other"} {
		if err := home.makeFolder(name); err != nil {
			t.Fatal(err)
		}
	}
	for _, way := range []struct {
		from, to string
		status   int
	}{
		{"/photos/photos", "/photos", 403}, {"/photos/photos", "/photos/", 403}, {"/photos/", "/photos", 403}, {"/photos", "/photos//", 403},
		{"/photos", "/photos/photos/x", 403}, {"/photos", "/", 403}, {"/photos", "/photos2", 0}, {"/photos/photos", "/other", 0},
	} {
		for _, method := range []string{"MOVE", "COPY"} {
			r := httptest.NewRequest(method, davPrefix+way.from, nil)
			r.Header.Set("Destination", "https://files.home.cell"+davPrefix+way.to)
			if status := home.refusal(r); status != way.status {
				t.Errorf("%s %s to %s: %d", method, way.from, way.to, status)
			}
		}
	}
}

func TestSharesEnd(t *testing.T) {
	file := filepath.Join(t.TempDir(), "shares.json")
	shares, err := openShares(file)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	_, token, err := shares.add(Share{Login: "ada", Path: "/a", Created: now, Expires: now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	again, err := openShares(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, found := again.find(token, now); !found {
		t.Error("the link is not there after a restart")
	}
	if _, found := again.find(token, now.Add(time.Hour)); found {
		t.Error("the link did not end")
	}
	if err := again.removeExpired(now.Add(time.Hour + shareLifeKept)); err != nil || len(again.list) != 0 {
		t.Errorf("%d links stay: %v", len(again.list), err)
	}
}

func TestTokensDoNotRepeat(t *testing.T) {
	shares, _ := openShares(filepath.Join(t.TempDir(), "shares.json"))
	seen := map[string]bool{}
	for range 200 {
		_, token, err := shares.add(Share{Login: "ada"})
		if err != nil || len(token) != 43 || seen[token] {
			t.Fatalf("token %q: %v", token, err)
		}
		seen[token] = true
	}
}

func TestPasswordsAreCheckedWhole(t *testing.T) {
	salt := "0123456789abcdef"
	digest := sha512.Sum512([]byte("right" + salt))
	account := Account{Passwords: []string{"{SSHA512}!", "plain", "{SSHA512}" + base64.StdEncoding.EncodeToString(append(digest[:], salt...))}}
	for password, wanted := range map[string]bool{"right": true, "righ": false, "right" + salt: false, "": false, "plain": false, strings.Repeat("x", 2000): false} {
		if account.accepts(password) != wanted {
			t.Errorf("%q: %v", password, !wanted)
		}
	}
}

func TestOnlyTheCellsPagesMayAsk(t *testing.T) {
	config := Config{Page: "https://home.cell", Address: "https://files.home.cell"}
	for origin, wanted := range map[string]bool{"https://home.cell": true, "https://home.cell:8443": true, "https://files.home.cell": true, "http://home.cell": false,
		"https://evil.example": false, "https://home.cell.evil.example": false, "null": false, "https://": false} {
		if config.allows(origin) != wanted {
			t.Errorf("%s: %v", origin, !wanted)
		}
	}
}
