//! The words of a passage or question, in the form in which they are compared.

use std::collections::BTreeMap;

/// Version of the packed form: passages that were packed by another one are packed anew.
pub const VERSION: u32 = 1;

/// Packs the words of a passage for storing: what an [`crate::Index`] needs to
/// know of them, and nothing that could be read again.
#[must_use]
pub fn pack(context: &str, text: &str) -> Vec<u8> {
    let mut counts: BTreeMap<u32, u8> = BTreeMap::new();
    for word in words(context).chain(words(text)) {
        let count = counts.entry(word).or_default();
        *count = count.saturating_add(1);
    }
    counts.iter().flat_map(|(word, count)| word.to_le_bytes().into_iter().chain([*count])).collect()
}

/// The words of a packed form with their counts.
pub(crate) fn unpack(packed: &[u8]) -> impl Iterator<Item = (u32, u8)> {
    packed.chunks_exact(5).map(|entry| (u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]), entry[4]))
}

/// The words of a text, each as the hash of its form.
pub(crate) fn words(text: &str) -> impl Iterator<Item = u32> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| hash(&word.to_lowercase()))
}

/// FNV-1a of 32 bits (RFC 9923).
fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
