package view

import (
	"fmt"
	"slices"
	"strings"
)

// Capital begins a sentence: a small letter of a to z at its head becomes a capital.
func Capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Grouped is a whole number that is not negative, of any type, with its thousands apart.
func Grouped(n any) string {
	digits := []byte(fmt.Sprint(n))
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = slices.Insert(digits, i, ',')
	}
	return string(digits)
}

// YesNo is an answer as exports and filters have it.
func YesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
