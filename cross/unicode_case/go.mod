module primocane.dev/unicode_case

go 1.24
