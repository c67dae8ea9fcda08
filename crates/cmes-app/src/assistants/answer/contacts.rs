//! Links, mailboxes and telephone numbers of texts.

use super::{Origin, Passage};

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Contact {
    Link(String),
    Mailbox(String),
    Telephone(String),
}

/// Digits from which on a number is one of a telephone.
const DIGITS: usize = 8;
/// Most digits of one (E.164), with a prefix to dial out.
const MOST_DIGITS: usize = 17;

/// All of a text, each with the words in which it stands.
pub(super) fn of(text: &str) -> Vec<(Contact, &str)> {
    let mut found = Vec::new();
    let is_between = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '(' | ')' | '[' | ']' | '<' | '>' | '"' | '“' | '”' | '„' | '|' | '，' | '。' | '、' | '：' | '；'
            )
    };
    for word in text.split(is_between) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/' && c != '+');
        let lower = word.to_lowercase();
        if lower.contains("://") || lower.starts_with("www.") {
            found.push((Contact::Link(lower), word));
        } else if lower.contains('@') && lower.contains('.') {
            found.push((Contact::Mailbox(lower.trim_start_matches("mailto:").to_owned()), word));
        } else if is_domain(&lower) {
            found.push((Contact::Link(lower), word));
        }
    }
    found.extend(telephones(text));
    found
}

/// `example.com/path`, as far as it can be told without knowing all endings; `2.5` and `z.B` are none.
fn is_domain(lower: &str) -> bool {
    let host = lower.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let Some((name, ending)) = host.rsplit_once('.') else { return false };
    let is_name = name.chars().filter(|c| c.is_alphanumeric()).count() > 2
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
    is_name
        && !name.chars().all(|c| c.is_ascii_digit() || c == '.')
        && (2..=10).contains(&ending.len())
        && ending.bytes().all(|b| b.is_ascii_lowercase())
}

fn telephones(text: &str) -> Vec<(Contact, &str)> {
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    let mut end = 0;
    let mut digits = String::new();
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        let joins = matches!(c, ' ' | '-' | '/' | '(' | ')' | '.' | '\u{a0}' | '\u{2011}');
        match start {
            None if c.is_ascii_digit() || c == '+' => {
                start = Some(at);
                digits.clear();
                digits.extend(c.is_ascii_digit().then_some(c));
                end = at + 1;
            }
            Some(_) if c.is_ascii_digit() => {
                digits.push(c);
                end = at + 1;
            }
            Some(_) if joins => {}
            Some(from) => {
                let is_one = (DIGITS..=MOST_DIGITS).contains(&digits.len());
                let shown = text.get(from..end).unwrap_or_default();
                if is_one && (shown.starts_with(['+', '0']) || !shown.contains([' ', '.'])) {
                    found.push((Contact::Telephone(digits.clone()), shown));
                }
                start = (c == '+').then_some(at);
                digits.clear();
                end = at + c.len_utf8();
            }
            None => {}
        }
    }
    found
}

/// How the company can be reached, by its articles: a telephone number and a mailbox at most.
pub(super) fn to_offer(passages: &[Passage]) -> Option<(String, Vec<Passage>)> {
    let (mut telephone, mut mailbox) = (None, None);
    let mut used: Vec<Passage> = Vec::new();
    for passage in passages.iter().filter(|passage| passage.origin == Origin::Article) {
        let text = super::prompt::without_orders(&passage.text);
        for (contact, shown) in of(&text) {
            let place = match contact {
                Contact::Telephone(_) if shown.starts_with(['+', '0']) => &mut telephone,
                Contact::Mailbox(_) => &mut mailbox,
                _ => continue,
            };
            if place.is_none() {
                *place = Some(shown.to_owned());
                if !used.contains(passage) {
                    used.push(passage.clone());
                }
            }
        }
    }
    let all: Vec<String> = telephone.into_iter().chain(mailbox).collect();
    (!all.is_empty()).then(|| (all.join(", "), used))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_found_as_they_are_written() {
        for (text, expected) in [
            ("Call +49 (30) 123-4567 or 030/1234567.", "+49 (30) 123-4567; 030/1234567"),
            ("Write to Sales@Example.com.", "Sales@Example.com"),
            (
                "See https://example.com/a?b=1, www.example.org and (example.net).",
                "https://example.com/a?b=1; www.example.org; example.net",
            ),
            ("It costs 1.250 EUR, z.B. 2.5 m since 12.10.2020; 25 000 000 sold.", ""),
            ("[here](http://evil.example/x)", "http://evil.example/x"),
        ] {
            let shown: Vec<&str> = of(text).into_iter().map(|(_, shown)| shown).collect();
            assert_eq!(shown.join("; "), expected);
        }
    }
}
