//! Jaro similarity, used to propose the flag a mistyped one was meant to be.

const THRESHOLD: f64 = 0.7;

/// The candidate most like `word`, if any is close enough.
pub fn closest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let mut best: Option<(&str, f64)> = None;
    for candidate in candidates {
        let score = jaro(word, candidate);
        if score > THRESHOLD && best.map_or(true, |(_, top)| score >= top) {
            best = Some((candidate, score));
        }
    }
    best.map(|(name, _)| name)
}

fn jaro(a: &str, b: &str) -> f64 {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 1.0 } else { 0.0 };
    }
    let (from_a, from_b) = common_characters(&a, &b);
    if from_a.is_empty() {
        return 0.0;
    }
    let swapped = from_a.iter().zip(&from_b).filter(|(x, y)| x != y).count();
    let m = from_a.len() as f64;
    (m / a.len() as f64 + m / b.len() as f64 + (m - (swapped / 2) as f64) / m) / 3.0
}

/// The characters both words share within the matching window, each in its own word's order.
fn common_characters(a: &[char], b: &[char]) -> (Vec<char>, Vec<char>) {
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut from_a = Vec::new();
    for (i, ch) in a.iter().enumerate() {
        let low = i.saturating_sub(window);
        let high = (i + window + 1).min(b.len());
        if let Some(j) = (low..high).find(|&j| !taken[j] && b[j] == *ch) {
            taken[j] = true;
            from_a.push(*ch);
        }
    }
    let from_b = (0..b.len()).filter(|&j| taken[j]).map(|j| b[j]).collect();
    (from_a, from_b)
}
