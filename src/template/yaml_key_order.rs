//! The order in which go-yaml writes the keys of a map: numbers in them by value, letters after the rest.

use std::cmp::Ordering;

/// Go's order is not one that a sort may rely on, so this one inserts and never panics.
pub(super) fn sort_by_key<T>(entries: Vec<T>, key: impl Fn(&T) -> &str) -> Vec<T> {
    let mut runs: Vec<Vec<T>> = entries.into_iter().map(|entry| vec![entry]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(one) = pairs.next() {
            merged.push(match pairs.next() {
                Some(other) => merge_runs(one, other, &key),
                None => one,
            });
        }
        runs = merged;
    }
    runs.pop().unwrap_or_default()
}

fn merge_runs<T>(one: Vec<T>, other: Vec<T>, key: &impl Fn(&T) -> &str) -> Vec<T> {
    let mut merged = Vec::with_capacity(one.len() + other.len());
    let (mut left, mut right) = (one.into_iter().peekable(), other.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let takes_right = compare_keys(key(b), key(a)) == Ordering::Less;
        merged.extend(if takes_right { right.next() } else { left.next() });
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

pub(super) fn compare_keys(one: &str, other: &str) -> Ordering {
    if one.is_ascii() && other.is_ascii() {
        return compare_runs(one.as_bytes(), other.as_bytes(), u8::is_ascii_alphabetic, u8::is_ascii_digit);
    }
    let ours: Vec<char> = one.chars().collect();
    let theirs: Vec<char> = other.chars().collect();
    compare_runs(&ours, &theirs, |char| char.is_alphabetic(), char::is_ascii_digit)
}

fn compare_runs<T: Copy + Ord + Into<u32>>(
    ours: &[T],
    theirs: &[T],
    is_letter: impl Fn(&T) -> bool,
    is_digit: impl Fn(&T) -> bool,
) -> Ordering {
    let Some(at) = ours.iter().zip(theirs).position(|(a, b)| a != b) else {
        return ours.len().cmp(&theirs.len());
    };
    let (a, b) = (ours[at], theirs[at]);
    match (is_letter(&a), is_letter(&b)) {
        (true, true) => return a.cmp(&b),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // Behind another digit than zero a zero counts, else it only leads.
    let zero = |char: T| char.into() == u32::from('0');
    let before = ours[..at].iter().rev().take_while(|char| is_digit(char));
    let inside = (zero(a) || zero(b)) && before.into_iter().any(|char| !zero(*char));
    let number = |run: &[T]| {
        let mut value = i64::from(inside);
        let mut count = 0_usize;
        for digit in run[at..].iter().take_while(|char| is_digit(char)) {
            let digit: u32 = (*digit).into();
            value = value.wrapping_mul(10).wrapping_add(i64::from(digit) - 48);
            count += 1;
        }
        (value, count)
    };
    number(ours).cmp(&number(theirs)).then(a.cmp(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_as_go_yaml_writes_them() {
        let sorted = [
            "", "_x", "1", "1a", "07", "007", "A", "a-b", "a.b", "a1", "aB", "ab", "x-1", "x_1", "x9", "x09",
            "x10",
        ];
        let mut mixed: Vec<&str> = sorted.to_vec();
        mixed.reverse();
        assert_eq!(sort_by_key(mixed, |key| key), sorted);
    }
}
