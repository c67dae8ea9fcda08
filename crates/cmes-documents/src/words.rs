//! Texts as documents hold them: single spaces, nothing invisible.

/// A text with single spaces, without what is not seen.
pub(crate) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    push_tidy(&mut tidied, text);
    if tidied.ends_with(' ') {
        tidied.pop();
    }
    tidied
}

/// Adds a piece to a text that is being made tidy; its end may be a space.
pub(crate) fn push_tidy(to: &mut String, piece: &str) {
    for letter in piece.chars() {
        if letter.is_whitespace() {
            if !to.is_empty() && !to.ends_with(' ') {
                to.push(' ');
            }
        } else if is_seen(letter) {
            to.push(letter);
        }
    }
}

/// Whether a letter shows, or decides how its neighbours do (the joiners of Persian and Hindi).
pub(crate) fn is_seen(letter: char) -> bool {
    !letter.is_control() && !matches!(letter, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Whether the script of a letter is written without spaces between words.
pub(crate) fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}' | '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Adds the next line of a paragraph: a word that was divided at the end of
/// the line is put together, and scripts without spaces get none.
pub(crate) fn push_line(paragraph: &mut String, line: &str) {
    let Some(next) = line.chars().next() else { return };
    let mut ends = paragraph.chars().rev();
    let (last, before) = (ends.next(), ends.next());
    match last {
        None => {}
        Some('-' | '\u{2010}' | '\u{ad}') if before.is_some_and(char::is_alphabetic) && next.is_lowercase() => {
            paragraph.pop();
        }
        // "E-Mail-" and "Adresse" keep the hyphen, "Ver-" and "trag" lose it.
        Some('-' | '\u{2010}') if before.is_some_and(char::is_alphabetic) && next.is_alphabetic() => {}
        Some(last) if is_unspaced(last) && is_unspaced(next) => {}
        Some(_) => paragraph.push(' '),
    }
    paragraph.push_str(line);
}

/// A line without the sign that makes it an item of a list; none if it is no item.
pub(crate) fn item_text(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let mut letters = line.chars();
    let first = letters.next()?;
    let rest = letters.as_str();
    let is_bullet = matches!(
        first,
        '•' | '◦'
            | '▪'
            | '▫'
            | '■'
            | '□'
            | '●'
            | '○'
            | '‣'
            | '⁃'
            | '➢'
            | '➔'
            | '✓'
            | '✔'
            | '·'
            | '\u{f0b7}'
            | '\u{f0a7}'
    );
    if is_bullet && !rest.trim().is_empty() {
        return Some(rest.trim_start());
    }
    let is_dash = matches!(first, '-' | '*' | '–' | '—' | '+');
    if is_dash && rest.starts_with([' ', '\t']) && !rest.trim().is_empty() { Some(rest.trim_start()) } else { None }
}

/// Whether a line begins with a number of a list: `3.`, `3)`, `(3)`, `b)`.
/// The number stays part of the text, for others refer to it.
pub(crate) fn is_numbered(line: &str) -> bool {
    let line = line.trim_start();
    let inner = line.strip_prefix('(').unwrap_or(line);
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let label = match digits {
        1..=2 => digits,
        0 if inner.starts_with(|letter: char| letter.is_ascii_lowercase()) => 1,
        _ => return false,
    };
    let after = inner.get(label..).unwrap_or_default();
    let mark =
        if digits > 0 && inner.len() == line.len() { after.strip_prefix(['.', ')']) } else { after.strip_prefix(')') };
    mark.is_some_and(|rest| rest.starts_with([' ', '\t']) && !rest.trim().is_empty())
}

/// Whether a text ends as a sentence does.
pub(crate) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '”', '“', '»', ')', '’'])
        .ends_with(['.', '!', '?', ':', ';', '。', '！', '？', '：', '؟', '।', '…'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divided_words_are_put_together() {
        let joined = |lines: &[&str]| {
            lines.iter().fold(String::new(), |mut text, line| {
                push_line(&mut text, line);
                text
            })
        };
        assert_eq!(joined(&["Der Ver-", "trag gilt"]), "Der Vertrag gilt");
        assert_eq!(joined(&["die E-Mail-", "Adresse"]), "die E-Mail-Adresse");
        assert_eq!(joined(&["from 5 -", "10 bar"]), "from 5 - 10 bar");
        assert_eq!(joined(&["我们生产", "工业管道"]), "我们生产工业管道");
    }

    #[test]
    fn items_are_known_by_their_signs() {
        assert_eq!(item_text("• Pump"), Some("Pump"));
        assert_eq!(item_text("- Pump"), Some("Pump"));
        assert_eq!(item_text("-5 °C"), None);
        assert!(is_numbered("1. Switch off") && is_numbered("(2) Wait") && is_numbered("b) Open"));
        assert!(!is_numbered("2024. It was") && !is_numbered("1.5 bar") && !is_numbered("a. m."));
    }
}
