//! Vectors in the compact form in which they are stored and compared.

/// Packs a vector for storing. Several vectors of one passage may be packed one after the other.
#[must_use]
pub fn pack(vector: &[f32]) -> Vec<u8> {
    let largest = vector.iter().fold(f32::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
    let scale = largest / 127.0;
    let mut packed = scale.to_le_bytes().to_vec();
    #[expect(clippy::cast_possible_truncation, reason = "scaled to -127..=127")]
    packed.extend(vector.iter().map(|value| ((value / scale).round() as i8).cast_unsigned()));
    packed
}

/// The dot product of a vector with a packed one.
pub(crate) fn dot(vector: &[f32], packed: &[u8]) -> f32 {
    let Some((scale, values)) = packed.split_first_chunk::<4>() else { return 0.0 };
    let sum: f32 = vector.iter().zip(values).map(|(a, b)| a * f32::from(b.cast_signed())).sum();
    sum * f32::from_le_bytes(*scale)
}
