// Package hostile lets a connector meet answers as hostile as they come, and says what has
// to hold of whatever is made of them. It is for fuzz tests: one Case for every request
// whose answer is decoded.
package hostile
