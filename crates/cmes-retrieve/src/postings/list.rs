//! The passages of a segment with one word.
//!
//! A list is the number of passages, and then, of a word that is in many of the segment's passages, four bits for each of these: how
//! often they have it. Of a word in fewer, for each passage that has it: how far its slot is from the
//! one before, doubled, with 1 added when a count other than 1 follows in a byte. Numbers are LEB128. A long list
//! of this kind has a table before it, of where to begin reading: a search of few passages need not read all of it.

/// Largest count that is kept: more of a word in one passage says no more.
pub(crate) const LARGEST_COUNT: u8 = 15;

/// Passages from one place in the table to the next. (Tests meet the limit with few.)
const STEP: u32 = if cfg!(test) { 4 } else { 128 };

/// Bytes of a place in the table: a slot, and how many bytes after the table it is.
const PLACE: usize = 5;

/// Whether four bits for each passage are written: they then take no more memory.
fn is_dense(length: u32, passages: u32) -> bool {
    u64::from(length) * 5 >= u64::from(passages) * 2
}

/// Number of places in the table of a list.
fn places(length: u32) -> usize {
    (length.saturating_sub(1) / STEP) as usize
}

/// Writes the list of a word in a segment of so many passages; its slots ascend.
pub(super) fn write(bytes: &mut Vec<u8>, entries: &[(u32, u8)], passages: u32) {
    let length = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    put(bytes, length);
    let from = bytes.len();
    if is_dense(length, passages) {
        bytes.resize(from + passages.div_ceil(2) as usize, 0);
        for (local, count) in entries {
            if let Some(byte) = bytes.get_mut(from + *local as usize / 2) {
                *byte |= (*count).min(LARGEST_COUNT) << (local % 2 * 4);
            }
        }
        return;
    }
    let mut places = from..from + places(length) * PLACE;
    let first = places.end;
    bytes.resize(first, 0);
    let mut last = 0_u32;
    for (part, entries) in entries.chunks(STEP as usize).enumerate() {
        if part > 0 {
            let [low, high, ..] = last.to_le_bytes();
            let [a, b, c, ..] = u32::try_from(bytes.len() - first).unwrap_or(u32::MAX).to_le_bytes();
            if let Some(place) = bytes.get_mut(places.start..places.start + PLACE) {
                place.copy_from_slice(&[low, high, a, b, c]);
            }
            places.start += PLACE;
        }
        for (local, count) in entries {
            let count = (*count).min(LARGEST_COUNT);
            put(bytes, (local - last) << 1 | u32::from(count != 1));
            if count != 1 {
                bytes.push(count);
            }
            last = *local;
        }
    }
}

/// The passages with one word, each with how often: an iterator, which can be moved forwards.
#[derive(Clone, Debug)]
pub(crate) enum List<'a> {
    /// In many.
    Dense(Dense<'a>),
    /// In fewer.
    Sparse(Sparse<'a>),
}

/// Four bits for each passage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dense<'a> {
    counts: &'a [u8],
    length: u32,
    at: u32,
}

/// The passages that have it.
#[derive(Clone, Debug)]
pub(crate) struct Sparse<'a> {
    /// The next one, when it has been read already.
    next: Option<(u32, u8)>,
    table: &'a [u8],
    /// What follows the table.
    all: &'a [u8],
    length: u32,
    /// How many bytes of `all`, and how many of the list, are read; and the slot of the last one.
    read: usize,
    passed: u32,
    local: u32,
}

impl<'a> List<'a> {
    /// Of a word in one passage.
    pub(super) fn one(local: u32, count: u8) -> Self {
        Self::Sparse(Sparse { next: Some((local, count)), table: &[], all: &[], length: 1, read: 0, passed: 1, local })
    }

    /// As [`write`] made it.
    pub(super) fn read(mut bytes: &'a [u8], passages: u32) -> Self {
        let length = number(&mut bytes).unwrap_or_default();
        if is_dense(length, passages) {
            let counts = bytes.get(..passages.div_ceil(2) as usize).unwrap_or_default();
            return Self::Dense(Dense { counts, length, at: 0 });
        }
        let (table, all) = bytes.split_at_checked(places(length) * PLACE).unwrap_or_default();
        Self::Sparse(Sparse { next: None, table, all, length, read: 0, passed: 0, local: 0 })
    }

    /// Number of passages.
    pub(super) fn len(&self) -> u32 {
        match self {
            Self::Dense(dense) => dense.length,
            Self::Sparse(sparse) => sparse.length,
        }
    }

    /// How often a passage has it; of passages that are asked for one after the other, ascending.
    pub(super) fn count_at(&mut self, local: u32) -> u8 {
        match self {
            Self::Dense(dense) => dense.count(local),
            Self::Sparse(sparse) => {
                sparse.seek(local);
                sparse.next.filter(|(at, _)| *at == local).map_or(0, |(_, count)| count)
            }
        }
    }
}

impl Iterator for List<'_> {
    type Item = (u32, u8);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Dense(dense) => loop {
                let local = dense.at;
                if local as usize >= dense.counts.len() * 2 {
                    return None;
                }
                dense.at += 1;
                let count = dense.count(local);
                if count > 0 {
                    return Some((local, count));
                }
            },
            Self::Sparse(sparse) => sparse.take(),
        }
    }
}

impl Dense<'_> {
    /// How often a passage has it.
    #[inline]
    pub(crate) fn count(&self, local: u32) -> u8 {
        self.counts.get(local as usize / 2).map_or(0, |byte| byte >> (local % 2 * 4) & 15)
    }
}

impl Sparse<'_> {
    /// The next one before a slot.
    #[inline]
    pub(crate) fn next_before(&mut self, end: u32) -> Option<(u32, u8)> {
        let next = self.take()?;
        if next.0 >= end {
            self.next = Some(next);
            return None;
        }
        Some(next)
    }

    #[inline]
    fn take(&mut self) -> Option<(u32, u8)> {
        if let Some(next) = self.next.take() {
            return Some(next);
        }
        if self.passed >= self.length {
            return None;
        }
        let all = self.all.get(self.read..)?;
        let mut bytes = all;
        let step = number(&mut bytes)?;
        let count = if step & 1 == 0 { 1 } else { *bytes.split_off_first()? };
        self.read += all.len() - bytes.len();
        self.passed += 1;
        self.local += step >> 1;
        Some((self.local, count))
    }

    /// Passes by all before a slot.
    pub(crate) fn seek(&mut self, local: u32) {
        if self.next.is_some_and(|(next, _)| next >= local) {
            return;
        }
        let places = self.table.as_chunks::<PLACE>().0;
        let before = places.partition_point(|place| slot(*place) < local);
        if let Some(place) = before.checked_sub(1).and_then(|at| places.get(at)) {
            let passed = u32::try_from(before).unwrap_or(u32::MAX).saturating_mul(STEP);
            if passed > self.passed {
                let [.., a, b, c] = *place;
                self.next = None;
                (self.read, self.passed, self.local) =
                    (u32::from_le_bytes([a, b, c, 0]) as usize, passed, slot(*place));
            }
        }
        while self.next_before(local).is_some() {}
    }
}

/// The slot of a place in the table.
fn slot([low, high, ..]: [u8; PLACE]) -> u32 {
    u32::from(u16::from_le_bytes([low, high]))
}

/// Reads a number in LEB128.
#[inline]
fn number(bytes: &mut &[u8]) -> Option<u32> {
    let first = *bytes.split_off_first()?;
    if first < 0x80 {
        return Some(u32::from(first));
    }
    let mut number = u32::from(first & 0x7f);
    for shift in (7..32).step_by(7) {
        let byte = *bytes.split_off_first()?;
        number |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Some(number)
}

/// Writes a number in LEB128.
#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_written_is_read(
            passages in 1u32..400,
            entries in proptest::collection::btree_map(0u32..400, 1u8..=LARGEST_COUNT, 0..200),
            asked in proptest::collection::btree_set(0u32..420, 0..40),
            end in 0u32..400,
        ) {
            let entries: BTreeMap<u32, u8> = entries.into_iter().filter(|(local, _)| *local < passages).collect();
            let given: Vec<(u32, u8)> = entries.iter().map(|(local, count)| (*local, *count)).collect();
            let mut bytes = Vec::new();
            write(&mut bytes, &given, passages);
            let list = List::read(&bytes, passages);
            prop_assert_eq!(list.len() as usize, given.len());
            prop_assert_eq!(list.clone().collect::<Vec<_>>(), given.clone());
            let mut moving = list.clone();
            for local in asked {
                prop_assert_eq!(moving.count_at(local), entries.get(&local).copied().unwrap_or_default());
            }
            if let List::Sparse(mut sparse) = list {
                sparse.seek(end);
                let rest: Vec<(u32, u8)> = std::iter::from_fn(|| sparse.next_before(u32::MAX)).collect();
                prop_assert_eq!(rest, entries.range(end..).map(|(local, count)| (*local, *count)).collect::<Vec<_>>());
            }
        }
    }
}
