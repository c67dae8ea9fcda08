//! Choices that are the same in every run: all follow from a number, and the number from words.

/// A number that follows from these words.
pub(super) fn seed(parts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    mixed(hash)
}

/// The finaliser of splitmix64: close numbers become far ones.
pub(super) fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// A number below `end`; `salt` tells the choices of one seed apart.
pub(super) fn below(seed: u64, salt: u64, end: usize) -> usize {
    let number = mixed(seed ^ mixed(salt)) % u64::try_from(end.max(1)).unwrap_or(1);
    usize::try_from(number).unwrap_or_default()
}

/// One of these; empty when there are none.
pub(super) fn one(seed: u64, salt: u64, of: &[String]) -> &str {
    of.get(below(seed, salt, of.len())).map_or("", String::as_str)
}

/// The text with digits in place of each `#`.
pub(super) fn digits(seed: u64, salt: u64, pattern: &str) -> String {
    let mut place = salt;
    let digit = |c: char| {
        if c != '#' {
            return c;
        }
        place += 1;
        char::from_digit(u32::try_from(below(seed, place, 10)).unwrap_or_default(), 10).unwrap_or('0')
    };
    pattern.chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_the_same_each_time_and_spread() {
        assert_eq!(seed(&["a", "b"]), seed(&["a", "b"]));
        assert_ne!(seed(&["a", "b"]), seed(&["ab"]));
        let chosen: std::collections::BTreeSet<_> = (0..50).map(|salt| below(7, salt, 10)).collect();
        assert!(chosen.len() > 7, "{chosen:?}");
        assert_eq!(digits(1, 0, "+44 #"), digits(1, 0, "+44 #"));
    }
}
