package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Store is all that is kept: a home for each person, and the share links.
type Store struct {
	config atomic.Pointer[Config]
	folder string
	shares *Shares
	mutex  sync.Mutex
	homes  map[string]*Home // by login; of all who ever had an account since the start
}

func openStore(folder string, config *Config) (*Store, error) {
	shares, err := openShares(filepath.Join(folder, "shares.json"))
	if err != nil {
		return nil, err
	}
	store := &Store{folder: folder, shares: shares, homes: map[string]*Home{}}
	store.apply(config)
	for _, account := range config.Accounts {
		if _, err := store.home(account); err != nil {
			return nil, err
		}
	}
	return store, nil
}

// apply takes another configuration; requests that run go on with the one before.
func (store *Store) apply(config *Config) {
	store.config.Store(config)
	store.mutex.Lock()
	defer store.mutex.Unlock()
	for _, account := range config.Accounts {
		if home, open := store.homes[account.Login]; open {
			home.usage.setLimit(account.QuotaMB)
		}
	}
}

func (store *Store) account(login string) (Account, bool) {
	for _, account := range store.config.Load().Accounts {
		if account.Login == login {
			return account, true
		}
	}
	return Account{}, false
}

// home opens a person's tree, and makes it at the first time.
func (store *Store) home(account Account) (*Home, error) {
	store.mutex.Lock()
	defer store.mutex.Unlock()
	if home, open := store.homes[account.Login]; open {
		return home, nil
	}
	folder := filepath.Join(store.folder, "people", account.Login)
	for _, part := range []string{filesFolder, uploadsFolder} {
		if err := os.MkdirAll(filepath.Join(folder, part), 0o700); err != nil {
			return nil, fmt.Errorf("the home of %s: %w", account.Login, err)
		}
	}
	home, err := openHome(account.Login, folder)
	if err != nil {
		return nil, fmt.Errorf("the home of %s: %w", account.Login, err)
	}
	home.usage.setLimit(account.QuotaMB)
	store.homes[account.Login] = home
	return home, nil
}

// homeOf opens the home of whoever has this login now.
func (store *Store) homeOf(login string) (*Home, error) {
	account, found := store.account(login)
	if !found {
		return nil, os.ErrNotExist
	}
	return store.home(account)
}

func (store *Store) removeExpired(now time.Time) {
	store.mutex.Lock()
	homes := make([]*Home, 0, len(store.homes))
	for _, home := range store.homes {
		homes = append(homes, home)
	}
	store.mutex.Unlock()
	for _, home := range homes {
		home.removeExpired(now)
	}
	if err := store.shares.removeExpired(now); err != nil {
		log.Printf("files: share links that ended were not removed: %v", err)
	}
}
