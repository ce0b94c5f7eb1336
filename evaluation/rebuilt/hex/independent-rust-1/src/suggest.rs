//! "Did you mean" by Jaro similarity.

const THRESHOLD: f64 = 0.7;

/// The candidate most like `word`, the later one on a tie, if any is alike enough.
pub fn closest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (jaro(word, candidate), candidate))
        .filter(|(score, _)| *score > THRESHOLD)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

fn jaro(left: &str, right: &str) -> f64 {
    let a: Vec<char> = left.chars().collect();
    let b: Vec<char> = right.chars().collect();
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut matched_a = Vec::new();
    for (i, ch) in a.iter().enumerate() {
        let window = i.saturating_sub(reach)..(i + reach + 1).min(b.len());
        if let Some(j) = window.into_iter().find(|&j| !taken[j] && b[j] == *ch) {
            taken[j] = true;
            matched_a.push(*ch);
        }
    }
    if matched_a.is_empty() {
        return 0.0;
    }
    let matched_b = b.iter().zip(&taken).filter(|(_, taken)| **taken).map(|(ch, _)| *ch);
    let swaps = matched_a.iter().zip(matched_b).filter(|(x, y)| **x != *y).count() / 2;
    let m = matched_a.len() as f64;
    (m / a.len() as f64 + m / b.len() as f64 + (m - swaps as f64) / m) / 3.0
}
