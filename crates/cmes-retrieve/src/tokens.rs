//! How long a text is for a language model.

/// Number of tokens of a text, by an estimate that needs no model: one for a
/// character of a script that is written without spaces, one for four letters of others.
#[must_use]
pub fn count(text: &str) -> u32 {
    let dense = text
        .chars()
        .filter(|letter| matches!(u32::from(*letter), 0x0e00..=0x0eff | 0x3040..=0x9fff | 0xac00..=0xd7af))
        .count();
    let others = text.chars().count() - dense;
    u32::try_from(dense + others.div_ceil(4)).unwrap_or(u32::MAX)
}
