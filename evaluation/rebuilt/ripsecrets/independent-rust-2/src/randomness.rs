//! Judges whether a string could have come about by random chance.

const THRESHOLD: f64 = 1.0 / 10_000.0;
const COMMON_PAIRS: &str = "th he in er an re on at en nd ti es or te of ed is it al ar st to nt";

pub fn looks_random(text: &str) -> bool {
    let (length, distinct) = (text.chars().count(), text.chars().collect::<std::collections::HashSet<_>>().len());
    let alphabet = alphabet_size(text);
    let upper = text.chars().filter(|c| c.is_ascii_uppercase()).count();
    let digits = text.chars().filter(|c| c.is_ascii_digit()).count();
    let mut chance = few_distinct(length, distinct, alphabet);
    if alphabet > 16.0 {
        let share = 10.0 / alphabet;
        chance *= at_most(length, digits, share).min(at_most(length, length - digits, 1.0 - share));
    }
    if alphabet == 64.0 {
        chance *= at_most(length, upper, 26.0 / 64.0) * many_pairs(text);
    }
    chance > THRESHOLD
}

fn alphabet_size(text: &str) -> f64 {
    let all = |test: fn(char) -> bool| text.chars().all(test);
    match () {
        _ if all(|c| c.is_ascii_digit()) => 10.0,
        _ if all(|c| c.is_ascii_hexdigit()) => 16.0,
        _ if all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()) => 36.0,
        _ => 64.0,
    }
}

/// Chance of seeing at most that many distinct characters.
fn few_distinct(length: usize, distinct: usize, alphabet: f64) -> f64 {
    let mut chances = vec![0.0; distinct + 1];
    chances[0] = 1.0;
    for _ in 0..length {
        for k in (1..=distinct).rev() {
            let grow = chances[k - 1] * (1.0 - (k - 1) as f64 / alphabet).max(0.0);
            chances[k] = chances[k] * k as f64 / alphabet + grow;
        }
        chances[0] = 0.0;
    }
    chances.iter().sum()
}

/// Chance of at least as many common English letter pairs.
fn many_pairs(text: &str) -> f64 {
    let lower = text.to_ascii_lowercase().into_bytes();
    let common: Vec<&[u8]> = COMMON_PAIRS.split(' ').map(str::as_bytes).collect();
    let others = lower.windows(2).filter(|pair| !common.contains(pair)).count();
    at_most(lower.len().max(1) - 1, others, 1.0 - common.len() as f64 * 4.0 / 4096.0)
}

/// Chance of at most `count` hits in so many trials.
fn at_most(trials: usize, count: usize, p: f64) -> f64 {
    let mut term = (1.0 - p).powi(trials as i32);
    let mut total = term;
    for k in 0..count {
        term *= (trials - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
        total += term;
    }
    total
}
