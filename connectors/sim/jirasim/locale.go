package jirasim

// locale is the language of the account that asks.
func (c *call) locale() string {
	if c.user == nil || c.user.Locale == "" {
		return "en_US"
	}
	return c.user.Locale
}
