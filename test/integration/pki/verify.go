// Verifies chains with Go's crypto/x509, which nats-server and the Kubernetes API server use.
// Input: a JSON list of cases on stdin. Output: one line per case, "ok" or Go's refusal.
package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
)

type verification struct {
	Chain, Roots, Host string
}

func certificates(text string) (list []*x509.Certificate, err error) {
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		list = append(list, certificate)
	}
	return list, nil
}

func (v verification) run() error {
	chain, err := certificates(v.Chain)
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{
		DNSName:       v.Host,
		Roots:         x509.NewCertPool(),
		Intermediates: x509.NewCertPool(),
	}
	options.Roots.AppendCertsFromPEM([]byte(v.Roots))
	for _, intermediate := range chain[1:] {
		options.Intermediates.AddCert(intermediate)
	}
	for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
		options.KeyUsages = []x509.ExtKeyUsage{usage}
		if _, err := chain[0].Verify(options); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	var cases []verification
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	for _, each := range cases {
		if err := each.run(); err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println("ok")
	}
}
