package main

import (
	"math"
	"strings"
	"unicode/utf8"
)

const commonBigrams = "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le"

// looksRandom estimates how likely a truly random string would look as
// orderly as s does, and reports whether that is still plausible.
func looksRandom(s string) bool {
	length := utf8.RuneCountInString(s)
	if length == 0 {
		return true
	}
	var digits, upper, lower, hexLetters int
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'A' && r <= 'Z':
			upper++
		case r >= 'a' && r <= 'z':
			lower++
		}
		if strings.ContainsRune("abcdefABCDEF", r) {
			hexLetters++
		}
	}
	alphabet := 64
	if length >= 16 {
		if digits+hexLetters == length && (upper == 0 || lower == 0) {
			alphabet = 16
		} else if digits+upper == length {
			alphabet = 36
		}
	}
	size := float64(alphabet)
	p := distinctCDF(length, alphabet, len(seen))
	if alphabet > 16 {
		p *= binomialCDF(length, digits, 10/size)
	}
	if alphabet == 64 {
		p *= binomialCDF(length, upper, 26/size) * binomialCDF(length, lower, 26/size)
	}
	pairs := 0
	for i := 0; i+2 <= len(s); i++ {
		if !strings.Contains(s[i:i+2], " ") && strings.Contains(commonBigrams, s[i:i+2]) {
			pairs++
		}
	}
	p *= binomialPMF(length-1, pairs, 1.28/size)
	if digits > 0 {
		return p >= 3e-5
	}
	return p >= 1e-4
}

func binomialPMF(n, k int, p float64) float64 {
	if k > n {
		return 0
	}
	lg := func(x int) float64 { v, _ := math.Lgamma(float64(x + 1)); return v }
	choose := math.Exp(lg(n) - lg(k) - lg(n-k))
	return choose * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
}

func binomialCDF(n, k int, p float64) float64 {
	sum := 0.0
	for i := 0; i <= k; i++ {
		sum += binomialPMF(n, i, p)
	}
	return sum
}

// distinctCDF is the chance that n draws from an alphabet show at most k
// different characters.
func distinctCDF(n, alphabet, k int) float64 {
	probs := make([]float64, alphabet+1)
	probs[0] = 1
	for i := 0; i < n; i++ {
		next := make([]float64, alphabet+1)
		for j, p := range probs {
			known := float64(j) / float64(alphabet)
			next[j] += p * known
			if j < alphabet {
				next[j+1] += p * (1 - known)
			}
		}
		probs = next
	}
	sum := 0.0
	for j := 0; j <= k && j <= alphabet; j++ {
		sum += probs[j]
	}
	return sum
}
