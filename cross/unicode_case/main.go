// SPDX-License-Identifier: Apache-2.0
// Prints agent/document/unicode_case_table.inc: which letters have an upper and a lower case, and
// how far away these are (Go's package unicode, CaseRanges).
//
//	go run . > ../../agent/document/unicode_case_table.inc
package main

import (
	"fmt"
	"unicode"
)

func main() {
	fmt.Println("// Made by cross/unicode_case from Go's package unicode, of Unicode " + unicode.Version + ".")
	for _, r := range unicode.CaseRanges {
		upper, lower := r.Delta[unicode.UpperCase], r.Delta[unicode.LowerCase]
		if upper > unicode.MaxRune {
			fmt.Printf("{0x%X, %d, alternating, alternating},\n", r.Lo, r.Hi-r.Lo+1)
			continue
		}
		if upper == 0 && lower == 0 {
			continue
		}
		fmt.Printf("{0x%X, %d, %d, %d},\n", r.Lo, r.Hi-r.Lo+1, upper, lower)
	}
}
