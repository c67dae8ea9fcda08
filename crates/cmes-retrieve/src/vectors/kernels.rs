//! Comparing one vector with many, as fast as the processor can.
//!
//! The one place with unsafe code: instructions that not every processor has.

/// 64 values, a cache line; rows are padded with zeros to whole ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub(crate) struct Line(pub(crate) [i8; 64]);

/// The dot product of each row with the query: `sums[n]` of the n-th `query.len()` lines of `rows`. The same on every
/// processor.
pub(crate) fn dots(query: &[Line], rows: &[Line], sums: &mut [i32]) {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vnni") {
            #[expect(unsafe_code, reason = "instructions that not every processor has")]
            // SAFETY: this processor has the features that the function is compiled for.
            return unsafe { x86::dots_vnni(query, rows, sums) };
        }
        if is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "instructions that not every processor has")]
            // SAFETY: this processor has the feature that the function is compiled for.
            return unsafe { x86::dots_avx2(query, rows, sums) };
        }
    }
    dots_portable(query, rows, sums);
}

/// The dot product of a row with a query that was not rounded. The same on every processor.
pub(crate) fn product(query: &[f32], row: &[Line]) -> f32 {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw") {
            #[expect(unsafe_code, reason = "instructions that not every processor has")]
            // SAFETY: this processor has the features that the function is compiled for.
            return unsafe { x86::product_avx512(query, row) };
        }
        if is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "instructions that not every processor has")]
            // SAFETY: this processor has the feature that the function is compiled for.
            return unsafe { x86::product_avx2(query, row) };
        }
    }
    product_portable(query, row)
}

/// Compiled for several processors: in sums of its own for each place in a group, so that they are made at once.
#[inline(always)]
fn product_portable(query: &[f32], row: &[Line]) -> f32 {
    let mut sums = [0.0; 16];
    let groups = row.iter().flat_map(|line| line.0.as_chunks::<16>().0);
    let (whole, rest) = query.as_chunks::<16>();
    let mut add = |query: &[f32; 16], values: &[i8; 16]| {
        for ((sum, exact), value) in sums.iter_mut().zip(query).zip(values) {
            *sum += exact * f32::from(*value);
        }
    };
    whole.iter().zip(groups.clone()).for_each(|(query, values)| add(query, values));
    if let Some(values) = groups.clone().nth(whole.len()) {
        // What is not there adds nothing: rows are padded with zeros.
        add(&std::array::from_fn(|at| rest.get(at).copied().unwrap_or_default()), values);
    }
    sums.iter().sum()
}

/// 64 bits of each of eight rows.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct Lanes(pub(crate) [u64; 8]);

/// In how many bits each row differs from four others, which count once, twice, four times and eight times; eight rows
/// are the next `planes.len()` of `groups`.
pub(crate) fn distances(planes: &[[u64; 4]], groups: &[Lanes], distances: &mut [[u32; 8]]) {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vpopcntdq") {
            #[expect(unsafe_code, reason = "instructions that not every processor has")]
            // SAFETY: this processor has the features that the function is compiled for.
            return unsafe { x86::distances_avx512(planes, groups, distances) };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt") {
            #[expect(unsafe_code, reason = "instructions that not every processor has")]
            // SAFETY: this processor has the features that the function is compiled for.
            return unsafe { x86::distances_avx2(planes, groups, distances) };
        }
    }
    distances_portable(planes, groups, distances);
}

/// Compiled for several processors.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "at most 15 times 65,536 bits")]
fn distances_portable(planes: &[[u64; 4]], groups: &[Lanes], distances: &mut [[u32; 8]]) {
    for (group, distances) in groups.chunks_exact(planes.len().max(1)).zip(distances) {
        let mut sums = [0; 8];
        for (planes, lanes) in planes.iter().zip(group) {
            for (sum, lane) in sums.iter_mut().zip(lanes.0) {
                for (at, plane) in planes.iter().enumerate() {
                    *sum += u64::from((plane ^ lane).count_ones()) << at;
                }
            }
        }
        *distances = sums.map(|sum| sum as u32);
    }
}

/// Compiled for several processors, in a form that becomes vector instructions.
#[inline(always)]
fn dots_portable(query: &[Line], rows: &[Line], sums: &mut [i32]) {
    for (row, sum) in rows.chunks_exact(query.len().max(1)).zip(sums) {
        let pairs = query.iter().zip(row).flat_map(|(query, row)| query.0.iter().zip(&row.0));
        *sum = pairs.map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m512i, _mm512_dpbusd_epi32, _mm512_load_si512, _mm512_reduce_add_epi32, _mm512_set1_epi8,
        _mm512_setzero_si512, _mm512_xor_si512,
    };

    use super::{Lanes, Line};

    #[target_feature(enable = "avx512f,avx512vpopcntdq")]
    pub(super) fn distances_avx512(planes: &[[u64; 4]], groups: &[Lanes], distances: &mut [[u32; 8]]) {
        super::distances_portable(planes, groups, distances);
    }

    #[target_feature(enable = "avx2,popcnt")]
    pub(super) fn distances_avx2(planes: &[[u64; 4]], groups: &[Lanes], distances: &mut [[u32; 8]]) {
        super::distances_portable(planes, groups, distances);
    }

    #[target_feature(enable = "avx512f,avx512bw")]
    pub(super) fn product_avx512(query: &[f32], row: &[Line]) -> f32 {
        super::product_portable(query, row)
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn product_avx2(query: &[f32], row: &[Line]) -> f32 {
        super::product_portable(query, row)
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn dots_avx2(query: &[Line], rows: &[Line], sums: &mut [i32]) {
        super::dots_portable(query, rows, sums);
    }

    /// The instruction multiplies unsigned with signed bytes: 128 is added to the row (by turning its highest bits),
    /// and 128 times the query taken away at the end.
    #[target_feature(enable = "avx512f,avx512vnni")]
    pub(super) fn dots_vnni(query: &[Line], rows: &[Line], sums: &mut [i32]) {
        let high = _mm512_set1_epi8(i8::MIN);
        let added = 128 * query.iter().flat_map(|line| line.0).map(i32::from).sum::<i32>();
        for (row, sum) in rows.chunks_exact(query.len().max(1)).zip(sums) {
            let mut products = _mm512_setzero_si512();
            for (query, row) in query.iter().zip(row) {
                products = _mm512_dpbusd_epi32(products, _mm512_xor_si512(load(row), high), load(query));
            }
            *sum = _mm512_reduce_add_epi32(products) - added;
        }
    }

    #[target_feature(enable = "avx512f")]
    fn load(line: &Line) -> __m512i {
        #[expect(unsafe_code, reason = "there is no safe way to load a register")]
        // SAFETY: a line has 64 bytes, and starts at a multiple of 64.
        unsafe {
            _mm512_load_si512(std::ptr::from_ref(line).cast())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(values: &[i8]) -> Vec<Line> {
        values.chunks_exact(64).map(|chunk| Line(chunk.try_into().expect("64 bytes"))).collect()
    }

    proptest! {
        #[test]
        fn every_kernel_says_the_same(
            (query, rows) in (1usize..9).prop_flat_map(|lines| (
                proptest::collection::vec(-127i8..=127, lines * 64),
                proptest::collection::vec(any::<i8>(), lines * 64 * 3),
            )),
        ) {
            let (query, rows) = (lines(&query), lines(&rows));
            let mut expected = [0; 3];
            dots_portable(&query, &rows, &mut expected);
            let mut sums = [0; 3];
            dots(&query, &rows, &mut sums);
            prop_assert_eq!(sums, expected);
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") {
                #[expect(unsafe_code, reason = "instructions that not every processor has")]
                // SAFETY: this processor has the feature that the function is compiled for.
                unsafe { x86::dots_avx2(&query, &rows, &mut sums) };
                prop_assert_eq!(sums, expected);
            }
        }
    }

    proptest! {
        #[test]
        fn products_are_the_same_on_every_processor(
            query in proptest::collection::vec(-1.0f32..1.0, 1..300),
            row in proptest::collection::vec(any::<i8>(), 320),
        ) {
            let row = lines(&row);
            let row = &row[..query.len().div_ceil(64)];
            let expected: f32 = query.iter().zip(row.iter().flat_map(|line| line.0)).map(|(a, b)| a * f32::from(b)).sum();
            prop_assert!((product(&query, row) - expected).abs() < 0.05, "{expected}");
            prop_assert_eq!(product(&query, row), product_portable(&query, row));
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") {
                #[expect(unsafe_code, reason = "instructions that not every processor has")]
                // SAFETY: this processor has the feature that the function is compiled for.
                let others = unsafe { x86::product_avx2(&query, row) };
                prop_assert_eq!(product(&query, row), others);
            }
        }
    }

    proptest! {
        #[test]
        fn distances_are_weighted_counts_of_bits(
            (planes, groups) in (1usize..9).prop_flat_map(|words| (
                proptest::collection::vec(any::<[u64; 4]>(), words),
                proptest::collection::vec(any::<[u64; 8]>().prop_map(Lanes), words * 2),
            )),
        ) {
            let mut sums = [[0; 8]; 2];
            distances(&planes, &groups, &mut sums);
            for (row, sum) in sums.as_flattened().iter().enumerate() {
                let words = groups.iter().skip(row / 8 * planes.len()).map(|lanes| lanes.0[row % 8]);
                let of = |plane: usize| planes.iter().zip(words.clone()).map(|(of, word)| (of[plane] ^ word).count_ones()).sum::<u32>();
                prop_assert_eq!(*sum, of(0) + 2 * of(1) + 4 * of(2) + 8 * of(3));
            }
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt") {
                let mut others = [[0; 8]; 2];
                #[expect(unsafe_code, reason = "instructions that not every processor has")]
                // SAFETY: this processor has the features that the function is compiled for.
                unsafe { x86::distances_avx2(&planes, &groups, &mut others) };
                prop_assert_eq!(sums, others);
            }
        }
    }

    #[test]
    fn the_largest_vectors_do_not_overflow() {
        let (query, row) = (lines(&[-127; 1 << 16]), lines(&[-128; 1 << 16]));
        let mut sum = [0];
        dots(&query, &row, &mut sum);
        assert_eq!(sum, [127 * 128 * (1 << 16)]);
    }

    #[test]
    fn nothing_is_asked_of_nothing() {
        let mut sums = [7];
        dots(&[], &[], &mut sums);
        assert_eq!(sums, [7]);
    }
}
