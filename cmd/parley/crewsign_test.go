package main

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// unmark gives a request the token that the tracker knows, and tells whose it was.
func unmark(req *http.Request) (member string) {
	scheme, secret, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	plain := secret
	if strings.EqualFold(scheme, "basic") {
		text, err := base64.StdEncoding.DecodeString(secret)
		if err != nil {
			return ""
		}
		plain = string(text)
	}
	plain, member, marked := strings.Cut(plain, memberMark)
	if !marked {
		return ""
	}
	if strings.EqualFold(scheme, "basic") {
		plain = base64.StdEncoding.EncodeToString([]byte(plain))
	}
	req.Header.Set("Authorization", scheme+" "+plain)
	return member
}
