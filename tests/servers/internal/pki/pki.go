// SPDX-License-Identifier: Apache-2.0

// Package pki makes the certificate authority and the certificates of a test server.
package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// A Leaf says what a certificate is for. With Hosts it is a server's, else a client's.
type Leaf struct {
	Name         string   // stem of its two files
	CommonName   string   // to a Kubernetes API server: the user
	Organization []string // to a Kubernetes API server: the groups
	Hosts        []string // names and addresses that the server answers to
	NotAfter     time.Time
}

// Ensure writes into dir, unless the last of them is there already: ca.crt and ca.key, and for each
// leaf NAME.crt and NAME.key. Certificates are ECDSA P-256 and, but for a leaf with a NotAfter of
// its own, good for ten years.
func Ensure(dir, caName string, leaves []Leaf) error {
	last := filepath.Join(dir, leaves[len(leaves)-1].Name+".crt")
	if _, err := os.Stat(last); err == nil {
		return nil
	}
	authority := &x509.Certificate{
		Subject:               pkix.Name{CommonName: caName},
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	authorityKey, err := WriteKey(dir, "ca")
	if err != nil {
		return err
	}
	if err := write(dir, "ca", authority, authority, authorityKey, authorityKey); err != nil {
		return err
	}
	for _, leaf := range leaves {
		key, err := WriteKey(dir, leaf.Name)
		if err != nil {
			return err
		}
		if err := write(dir, leaf.Name, leaf.template(), authority, key, authorityKey); err != nil {
			return err
		}
	}
	return nil
}

// WriteKey makes a private key and writes it to dir/name.key ("EC PRIVATE KEY", as K3s writes them).
func WriteKey(dir, name string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, writePEM(filepath.Join(dir, name+".key"), "EC PRIVATE KEY", der)
}

func (l Leaf) template() *x509.Certificate {
	c := &x509.Certificate{
		Subject:     pkix.Name{CommonName: l.CommonName, Organization: l.Organization},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		NotAfter:    l.NotAfter,
	}
	if len(l.Hosts) > 0 {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	for _, host := range l.Hosts {
		if ip := net.ParseIP(host); ip != nil {
			c.IPAddresses = append(c.IPAddresses, ip)
		} else {
			c.DNSNames = append(c.DNSNames, host)
		}
	}
	return c
}

// write signs the certificate with the parent's key and writes it to dir/name.crt.
func write(dir, name string, c, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) error {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	now := time.Now()
	c.SerialNumber = serial
	c.NotBefore = now.AddDate(0, 0, -2)
	if c.NotAfter.IsZero() {
		c.NotAfter = now.AddDate(10, 0, 0)
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), parentKey)
	if err != nil {
		return err
	}
	return writePEM(filepath.Join(dir, name+".crt"), "CERTIFICATE", der)
}

func writePEM(file, kind string, der []byte) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
