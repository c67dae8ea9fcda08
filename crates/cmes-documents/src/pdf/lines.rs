//! Glyphs that stand side by side make pieces of lines.

use unicode_normalization::UnicodeNormalization;

use super::glyphs::Glyph;
use crate::words::{is_seen, is_unspaced};

/// A gap from which a space stands between glyphs, in ems.
const SPACE: f32 = 0.17;
/// A gap from which glyphs that are drawn one after the other belong apart: cells, columns.
const APART: f32 = 0.8;
/// The same where a space is drawn between them: lines of equal length have wide ones.
const APART_SPACED: f32 = 2.2;
/// The same for pieces that only stand side by side: columns may be an em apart.
const APART_UNORDERED: f32 = 0.6;

/// A piece of a line without large gaps.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segment {
    pub(super) text: String,
    pub(super) x0: f32,
    pub(super) x1: f32,
    pub(super) y: f32,
    pub(super) size: f32,
}

impl Segment {
    fn of(glyph: &Glyph) -> Self {
        Self { text: glyph.text.clone(), x0: glyph.x0, x1: glyph.x1, y: glyph.y, size: glyph.size }
    }

    /// Whether a baseline is this one's, or that of small figures above or below it.
    fn is_level_with(&self, y: f32, size: f32) -> bool {
        let (small, large) = if size < self.size { (size, self.size) } else { (self.size, size) };
        let reach = if small < 0.85 * large { 0.55 * large } else { 0.15 * large };
        (y - self.y).abs() <= reach
    }

    fn add(&mut self, text: &str, x0: f32, x1: f32, size: f32, is_spaced: bool) {
        let gap = x0 - self.x1;
        let (last, first) = (self.text.chars().next_back(), text.chars().next());
        let is_written_close = last.is_some_and(is_unspaced) && first.is_some_and(is_unspaced);
        let wanted = if is_written_close { 3.0 * SPACE } else { SPACE };
        if (gap > wanted * self.size.min(size) || is_spaced) && !self.text.ends_with(' ') && !text.starts_with(' ') {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.x1 = self.x1.max(x1);
    }
}

/// Makes pieces of lines of the glyphs of a page, in the order in which they are drawn.
pub(super) fn segments(glyphs: Vec<Glyph>) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut open: Option<Segment> = None;
    let mut is_spaced = false;
    for glyph in glyphs {
        if glyph.text.chars().all(|letter| letter.is_whitespace() || !is_seen(letter)) {
            is_spaced = true;
            continue;
        }
        if let Some(segment) = &mut open {
            let gap = glyph.x0 - segment.x1;
            let em = segment.size.max(glyph.size);
            let apart = if is_spaced { APART_SPACED } else { APART };
            if segment.is_level_with(glyph.y, glyph.size) && (-0.6 * em..=apart * em).contains(&gap) {
                segment.add(&glyph.text, glyph.x0, glyph.x1, glyph.size, is_spaced);
                // The line's own are the larger glyphs.
                if glyph.size > 1.15 * segment.size {
                    (segment.size, segment.y) = (glyph.size, glyph.y);
                }
                is_spaced = false;
                continue;
            }
        }
        segments.extend(open.replace(Segment::of(&glyph)));
        is_spaced = false;
    }
    segments.extend(open);
    for segment in &mut segments {
        segment.text = segment.text.chars().flat_map(plain).collect();
        if segment.text.contains(is_right_to_left_letter) {
            segment.text = logical(&segment.text);
        }
    }
    segments.retain(|segment| !segment.text.trim().is_empty());
    joined(segments)
}

/// A letter without its typographic form: ligatures of Latin letters, the
/// shapes of Arabic ones.
fn plain(letter: char) -> impl Iterator<Item = char> {
    let is_shape = matches!(letter, '\u{fb00}'..='\u{fb06}' | '\u{fb13}'..='\u{fb17}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    let shapes = is_shape.then(|| std::iter::once(letter).nfkc()).into_iter().flatten();
    shapes.chain((!is_shape && is_seen(letter)).then_some(letter))
}

/// Joins pieces that were drawn apart and stand side by side.
fn joined(segments: Vec<Segment>) -> Vec<Segment> {
    let mut joined: Vec<Segment> = Vec::new();
    for row in rows(segments) {
        let mut row = row.into_iter();
        let Some(mut open) = row.next() else { continue };
        for next in row {
            let em = open.size.min(next.size);
            let is_near = (-0.3 * em..=APART_UNORDERED * em).contains(&(next.x0 - open.x1));
            if is_near && open.is_level_with(next.y, next.size) {
                open.add(&next.text, next.x0, next.x1, next.size, false);
            } else {
                joined.push(std::mem::replace(&mut open, next));
            }
        }
        joined.push(open);
    }
    joined
}

/// Puts pieces of the same height into rows, from top to bottom, each from left to right.
pub(super) fn rows(mut segments: Vec<Segment>) -> Vec<Vec<Segment>> {
    segments.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Vec<Segment>> = Vec::new();
    for segment in segments {
        match rows.last_mut() {
            Some(row)
                if row
                    .first()
                    .is_some_and(|first| (segment.y - first.y).abs() <= 0.4 * first.size.min(segment.size)) =>
            {
                row.push(segment);
            }
            _ => rows.push(vec![segment]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows
}

fn is_right_to_left_letter(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

fn is_right_to_left(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic());
    let (own, all) =
        letters.fold((0, 0), |(own, all), letter| (own + usize::from(is_right_to_left_letter(letter)), all + 1));
    own * 2 > all
}

/// The letters of a line as they are read, of a line as it is seen: a line from
/// right to left backwards, but for its numbers and Latin words; in another
/// line, the words from right to left backwards.
fn logical(seen: &str) -> String {
    if is_right_to_left(seen) {
        let letters: Vec<char> = seen.chars().rev().collect();
        turned(&letters, |letter| letter.is_alphanumeric() && !is_right_to_left_letter(letter), is_right_to_left_letter)
    } else {
        let letters: Vec<char> = seen.chars().collect();
        let is_other = |letter: char| letter.is_alphanumeric() && !is_right_to_left_letter(letter);
        turned(&letters, is_right_to_left_letter, is_other)
    }
}

/// Turns the runs that begin and end with a letter of one kind and hold none of the other.
fn turned(letters: &[char], is_own: impl Fn(char) -> bool, is_other: impl Fn(char) -> bool) -> String {
    let mut read = String::new();
    let mut rest = letters;
    while let Some((first, after)) = rest.split_first() {
        if !is_own(*first) {
            read.push(*first);
            rest = after;
            continue;
        }
        let end = rest.iter().position(|letter| is_other(*letter)).unwrap_or(rest.len());
        let run = rest.get(..end).unwrap_or_default();
        let end = run.iter().rposition(|letter| is_own(*letter)).map_or(0, |last| last + 1);
        read.extend(run.iter().take(end).rev());
        rest = rest.get(end.max(1)..).unwrap_or_default();
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str, x: f32, y: f32, advance: f32) -> Vec<Glyph> {
        let glyph = |(place, letter): (usize, char)| {
            let x0 = x + place as f32 * advance;
            Glyph { text: letter.to_string(), x0, x1: x0 + 5.0, y, size: 10.0 }
        };
        text.chars().enumerate().map(glyph).collect()
    }

    #[test]
    fn gaps_part_words_and_cells() {
        let mut all = glyphs("127.0", 0.0, 10.0, 5.0);
        all.extend(glyphs("bar", 28.0, 10.0, 5.0));
        all.extend(glyphs("next", 80.0, 10.0, 5.0));
        let texts: Vec<String> = segments(all).into_iter().map(|segment| segment.text).collect();
        assert_eq!(texts, ["127.0 bar", "next"]);
    }

    #[test]
    fn lines_from_right_to_left_are_turned() {
        assert_eq!(logical("םולש"), "שלום");
        assert_eq!(logical("12.5 ריחמ"), "מחיר 12.5");
        assert_eq!(logical("Word: םולש לכל, end"), "Word: לכל שלום, end");
    }
}
