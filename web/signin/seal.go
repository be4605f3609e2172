package signin

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// begun is what a browser keeps for us while its person is at the provider. It is sealed:
// nobody else reads or makes one, and an answer of the provider fits this browser only.
type begun struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	Back     string    `json:"b"`
	Until    time.Time `json:"u"`
}

// sealer seals with a key that ends with the process.
type sealer struct{ box cipher.AEAD }

func newSealer() (sealer, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, fmt.Errorf("make a key: %w", err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealer{}, fmt.Errorf("make a key: %w", err)
	}
	return sealer{box}, nil
}

func (s sealer) seal(b begun) string {
	text, _ := json.Marshal(b)                                                   // texts and a time of this year always encode
	return base64.RawURLEncoding.EncodeToString(s.box.Seal(nil, nil, text, nil)) //nolint:gosec // this box makes a random nonce by itself
}

// errSeal says that a cookie was not sealed here, or too long ago.
var errSeal = errors.New("the sign-in was not begun in this browser, or too long ago")

func (s sealer) open(text string, now time.Time) (begun, error) {
	var b begun
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return b, errSeal
	}
	plain, err := s.box.Open(nil, nil, sealed, nil)
	if err != nil || json.Unmarshal(plain, &b) != nil || !now.Before(b.Until) {
		return begun{}, errSeal
	}
	return b, nil
}
