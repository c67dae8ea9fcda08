//! Figures out of tables: each belongs to what its row is about.

use std::collections::HashSet;

use cmes_extract::fold::fold;

/// Whether the figures of a sentence stand in the rows of tables that it speaks of, or else the question by a code, or
/// outside of tables.
pub(super) fn fits(sentence: &str, question: &str, texts: &[&str]) -> bool {
    let (mut rows, mut others) = (Vec::new(), String::new());
    for text in texts {
        // The first line of a table is its header.
        let mut is_in_table = false;
        for line in text.lines() {
            let line = plain(line);
            if line.is_empty() {
                continue;
            }
            let is_row = line.contains(" | ");
            if is_row && is_in_table {
                rows.push(line);
            } else {
                others.push_str(line);
                others.push('\n');
            }
            is_in_table = is_row;
        }
    }
    if rows.len() < 2 {
        return true;
    }
    let elsewhere = numbers(&others);
    let wanted: Vec<String> = numbers(sentence).into_iter().filter(|number| !elsewhere.contains(number)).collect();
    let said = key(sentence);
    let name = |row: &str| key(row.split(" | ").next().unwrap_or_default());
    let spoken_of: Vec<&str> = rows.iter().copied().filter(|row| is_in(&said, &name(row))).collect();
    let has_all = |among: &[&str]| {
        let known: HashSet<String> = among.iter().flat_map(|row| numbers(row)).collect();
        wanted.iter().all(|number| known.contains(number))
    };
    if !spoken_of.is_empty() {
        return has_all(&spoken_of);
    }
    let asked = key(question);
    let is_asked = |cell: &str| is_code(cell) && is_in(&asked, &key(cell));
    let asked_for: Vec<&str> = rows.iter().copied().filter(|row| row.split(" | ").any(is_asked)).collect();
    let among = if asked_for.is_empty() { &rows } else { &asked_for };
    among.iter().any(|row| has_all(&[*row]))
}

/// A line without the bars at its edges; nothing is left of one that only rules off a header.
pub(super) fn plain(line: &str) -> &str {
    let line = line.trim();
    let line = line.strip_prefix('|').map_or(line, |line| line.strip_suffix('|').unwrap_or(line)).trim();
    if line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ')) { "" } else { line }
}

/// Letters and digits, as names of products have them.
fn is_code(cell: &str) -> bool {
    cell.chars().any(char::is_alphabetic) && cell.chars().any(|c| c.is_ascii_digit())
}

fn is_in(said: &str, name: &str) -> bool {
    name.chars().any(char::is_alphanumeric) && said.contains(name)
}

/// Words between single blanks, with one in front and at the end, so that `NP 20` is not in `NP 200`.
fn key(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    format!(" {} ", words.collect::<Vec<_>>().join(" "))
}

/// Groups of digits.
fn numbers(text: &str) -> HashSet<String> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_belong_to_their_rows() {
        let table = "Pumps\nModel | Price | Weight\nNP 100 | 800 EUR | 12 kg\nNP 200 | 1,200 EUR | 18 kg\nDelivery takes 3 days.";
        for (sentence, expected) in [
            ("The NP 100 costs 800 EUR.", true),
            ("The NP 100 costs 1,200 EUR.", false),
            ("The NP 100 costs 800 EUR and the NP 200 1,200 EUR.", true),
            ("It costs 1,200 EUR and weighs 18 kg.", true),
            ("It costs 800 EUR and weighs 18 kg.", false),
            ("The NP 200 is delivered in 3 days.", true),
        ] {
            assert_eq!(fits(sentence, "", &[table]), expected, "{sentence}");
        }
        let asked = |sentence: &str| fits(sentence, "What does the NP 200 cost?", &[table]);
        assert!(asked("1,200 EUR") && !asked("800 EUR"));
        let marked = "| Filter | Price |\n|---|---|\n| F 10 | 19 EUR |\n| F 20 | 45 EUR |";
        assert!(fits("The F 20 costs 45 EUR.", "", &[marked]) && !fits("The F 20 costs 19 EUR.", "", &[marked]));
        assert!(fits("It costs 7 EUR.", "", &["Nothing with rows."]));
    }
}
