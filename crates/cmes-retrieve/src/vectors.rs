//! Vectors in the compact form in which they are stored and compared.
//!
//! A packed vector is its dimension (16 bits), a scale (32-bit float) and a signed byte for each value, which times
//! the scale is the value; all little-endian. Several vectors of one passage stand one after the other.

pub(crate) mod kernels;
pub(crate) mod rows;
mod signs;

/// Bytes before the values of a packed vector.
const HEAD: usize = 6;

/// Packs a vector for storing. Several vectors of one passage may be packed one after the other.
/// Of more than 65,535 values, the first are packed.
#[must_use]
pub fn pack(vector: &[f32]) -> Vec<u8> {
    let dimension = u16::try_from(vector.len()).unwrap_or(u16::MAX);
    let (scale, values) = quantise(vector);
    let mut packed = Vec::with_capacity(HEAD + vector.len());
    packed.extend(dimension.to_le_bytes());
    packed.extend(scale.to_le_bytes());
    packed.extend(values.take(usize::from(dimension)).map(i8::cast_unsigned));
    packed
}

/// A scale and values from -127 to 127 that times the scale are about the vector.
fn quantise(vector: &[f32]) -> (f32, impl Iterator<Item = i8>) {
    let largest = vector.iter().fold(f32::MIN_POSITIVE, |largest, value| largest.max(value.abs()));
    let scale = largest / 127.0;
    #[expect(clippy::cast_possible_truncation, reason = "scaled to -127..=127, and a cast saturates")]
    let values = vector.iter().map(move |value| (value / scale).round() as i8);
    (scale, values)
}

/// The vectors in a packed form, each as its scale and values (as bytes). What is cut off or
/// cannot be compared (no value, a scale that is no number) is left out.
fn unpack(mut packed: &[u8]) -> impl Iterator<Item = (f32, &[u8])> {
    std::iter::from_fn(move || {
        let (dimension, rest) = packed.split_first_chunk::<2>()?;
        let (scale, rest) = rest.split_first_chunk::<4>()?;
        let (values, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*dimension)))?;
        packed = rest;
        Some((f32::from_le_bytes(*scale), values))
    })
    .filter(|(scale, values)| scale.is_finite() && !values.is_empty())
}
