//! What stands on every page and belongs to none: running titles, page numbers.

use std::collections::HashMap;

use super::lines::{Segment, rows};

/// How many lines at the top and at the bottom of a page may be furniture.
const LINES: usize = 3;
/// From how many pages on a line is a running title.
const PAGES: usize = 3;

/// Takes running titles and page numbers out of pages.
pub(super) fn without(pages: Vec<Vec<Segment>>) -> Vec<Vec<Segment>> {
    let text_size = usual_size(&pages);
    let mut pages: Vec<Vec<Vec<Segment>>> = pages.into_iter().map(rows).collect();
    let mut seen: HashMap<(String, i32), usize> = HashMap::new();
    for page in &pages {
        let inner = LINES..page.len().saturating_sub(LINES);
        let outer = page.iter().enumerate().filter(|(place, _)| !inner.contains(place)).flat_map(|(_, row)| row);
        let mut own: Vec<(String, i32)> = outer.map(key).collect();
        own.sort();
        own.dedup();
        for key in own {
            *seen.entry(key).or_default() += 1;
        }
    }
    // Titles of chapters stand on the pages of a chapter alone.
    let often = PAGES.max(pages.len() / 10);
    let is_furniture = |row: &Vec<Segment>| {
        row.iter().all(|piece| {
            let is_repeated = seen.get(&key(piece)).is_some_and(|times| *times >= often);
            is_repeated || is_page_number(&piece.text)
        })
    };
    // Chapters begin at the top with titles that differ in their number alone.
    let is_heading = |row: &Vec<Segment>| row.iter().any(|piece| piece.size > text_size * 1.1);
    for page in &mut pages {
        let above = page.iter().take(LINES).take_while(|row| is_furniture(row) && !is_heading(row)).count();
        page.drain(..above);
        let below = page.iter().rev().take(LINES).take_while(|row| is_furniture(row)).count();
        page.truncate(page.len() - below);
    }
    pages.into_iter().map(|page| page.into_iter().flatten().collect()).collect()
}

/// The size in which most is written.
fn usual_size(pages: &[Vec<Segment>]) -> f32 {
    let mut lengths: HashMap<i32, usize> = HashMap::new();
    for piece in pages.iter().flatten() {
        *lengths.entry((piece.size * 2.0).round() as i32).or_default() += piece.text.len();
    }
    lengths.into_iter().max_by_key(|(size, length)| (*length, *size)).map_or(0.0, |(size, _)| size as f32 / 2.0)
}

/// The same on every page, whatever its number.
fn key(segment: &Segment) -> (String, i32) {
    let text = segment.text.chars().map(|letter| if letter.is_numeric() { '0' } else { letter });
    let mut text: String = text.collect();
    while text.contains("00") {
        text = text.replace("00", "0");
    }
    (text, (segment.y / 3.0).round() as i32)
}

/// A number alone, `- 5 -`, `5 / 12`, `Page 5 of 12`.
fn is_page_number(text: &str) -> bool {
    let is_figure = |word: &&str| word.chars().all(|letter| letter.is_ascii_digit()) && word.len() <= 4;
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let figures = words.iter().filter(|word| is_figure(word)).count();
    let others = words.len() - figures;
    match (figures, others) {
        (1 | 2, 0) => text.chars().count() <= 12 && !text.contains(['.', ',', '€', '$', '%']),
        (1, 1) | (2, 1 | 2) => words.iter().any(|word| is_page(word)),
        _ => false,
    }
}

fn is_page(word: &str) -> bool {
    let lower = word.to_lowercase();
    ["page", "seite", "página", "pagina", "pág", "strona", "sida", "side", "стр", "страница", "p", "s"]
        .contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_known() {
        for text in ["5", "- 12 -", "5 / 12", "Page 5 of 12", "Seite 3", "5 | 12"] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["12.50", "P7", "5 kW", "Chapter 3 Pumps", "99 %", "2026-11-01 and"] {
            assert!(!is_page_number(text), "{text}");
        }
    }
}
