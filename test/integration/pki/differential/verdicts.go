// Verifies chains as nats-server and its Go clients do. Each case has tls.crt, tls.key and ca.crt of a Secret.
// Input: a JSON list of cases on stdin. Output: one line per case, "ok" or the refusal.
package main

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

type secret struct {
	Chain, PrivateKey, Trusted string
	Names, Usages              []string
	Now                        time.Time
}

var purposes = map[string]x509.ExtKeyUsage{
	"serverAuth": x509.ExtKeyUsageServerAuth,
	"clientAuth": x509.ExtKeyUsageClientAuth,
}

// parsePresented reads what a peer sends, as crypto/tls does: all of it, and no RSA key above 8192 bits.
func parsePresented(chain [][]byte) (list []*x509.Certificate, err error) {
	for _, der := range chain {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > 8192 {
			return nil, errors.New("RSA key larger than 8192 bits")
		}
		list = append(list, certificate)
	}
	return list, nil
}

func (s secret) verify() error {
	pair, err := tls.X509KeyPair([]byte(s.Chain), []byte(s.PrivateKey))
	if err != nil {
		return err
	}
	presented, err := parsePresented(pair.Certificate)
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: s.Now}
	if !options.Roots.AppendCertsFromPEM([]byte(s.Trusted)) {
		return errors.New("no usable CA")
	}
	for _, intermediate := range presented[1:] {
		options.Intermediates.AddCert(intermediate)
	}
	for _, usage := range s.Usages {
		options.KeyUsages = []x509.ExtKeyUsage{purposes[usage]}
		names := []string{""}
		if usage == "serverAuth" {
			names = s.Names
		}
		for _, options.DNSName = range names {
			if _, err := presented[0].Verify(options); err != nil {
				return err
			}
		}
	}
	return nil
}

func main() {
	var secrets []secret
	if err := json.NewDecoder(os.Stdin).Decode(&secrets); err != nil {
		panic(err)
	}
	for _, each := range secrets {
		if err := each.verify(); err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
			continue
		}
		fmt.Println("ok")
	}
}
