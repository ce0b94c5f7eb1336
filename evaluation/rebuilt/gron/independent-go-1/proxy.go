package main

import (
	"net/http"
	"net/url"
	"os"
	"strings"
)

// proxySettings are the proxy related command line options.
type proxySettings struct {
	proxy  optionalString
	bypass optionalString
}

// proxyFor chooses the proxy for a request; nil means a direct connection.
func (s *proxySettings) proxyFor(req *http.Request) (*url.URL, error) {
	address := s.address(req.URL.Scheme)
	if address == "" || bypassed(req.URL.Host, s.bypassList()) {
		return nil, nil
	}
	proxy, err := url.Parse(address)
	if err != nil {
		return nil, nil
	}
	return proxy, nil
}

// address is the option's value, or else that of the environment.
func (s *proxySettings) address(scheme string) string {
	if s.proxy.given {
		return s.proxy.value
	}
	return os.Getenv(scheme + "_proxy")
}

func (s *proxySettings) bypassList() string {
	if s.bypass.given {
		return s.bypass.value
	}
	return os.Getenv("no_proxy")
}

// bypassed reports whether host is in the comma separated list, as itself or
// by an entry such as .example.org that ends it.
func bypassed(host, list string) bool {
	for _, entry := range strings.Split(list, ",") {
		if entry != "" && entry == host {
			return true
		}
		if strings.HasPrefix(entry, ".") && strings.HasSuffix(host, entry) {
			return true
		}
	}
	return false
}
