//! "Did you mean" suggestions, based on Jaro similarity.

const THRESHOLD: f64 = 0.7;

/// The candidate most similar to `word`, if any is similar enough.
/// Among equally similar candidates the last one wins.
pub fn closest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let score = jaro(word, candidate);
        if score > THRESHOLD && best.map_or(true, |(top, _)| score >= top) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn jaro(left: &str, right: &str) -> f64 {
    let a: Vec<char> = left.chars().collect();
    let b: Vec<char> = right.chars().collect();
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 1.0 } else { 0.0 };
    }
    let (from_a, from_b) = matching_chars(&a, &b);
    if from_a.is_empty() {
        return 0.0;
    }
    let matches = from_a.len() as f64;
    let displaced = from_a.iter().zip(&from_b).filter(|(x, y)| x != y).count();
    let transpositions = (displaced / 2) as f64;
    (matches / a.len() as f64 + matches / b.len() as f64 + (matches - transpositions) / matches) / 3.0
}

/// The characters common to both words, in the order of each word.
fn matching_chars(a: &[char], b: &[char]) -> (Vec<char>, Vec<char>) {
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut from_a = Vec::new();
    for (i, &c) in a.iter().enumerate() {
        let low = i.saturating_sub(window);
        let high = (i + window + 1).min(b.len());
        if let Some(j) = (low..high).find(|&j| !taken[j] && b[j] == c) {
            taken[j] = true;
            from_a.push(c);
        }
    }
    let from_b = b.iter().zip(&taken).filter(|(_, &t)| t).map(|(&c, _)| c).collect();
    (from_a, from_b)
}
