//! From what a service lists to hits that can be used.

use std::collections::HashSet;

use cmes_types::{CompanySearch, Hit};
use serde_json::Value;
use url::Url;

use crate::Found;
use crate::error::SearchError;

/// Longest address, in bytes; longer ones are made by machines for machines.
const LONGEST_URL: usize = 2_048;
/// Longest title and longest snippet, in characters.
const LONGEST_TITLE: usize = 300;
const LONGEST_SNIPPET: usize = 1_000;
/// Most hits of one answer, whatever was asked for.
const MOST: usize = 100;

/// How many hits are wanted.
pub(crate) fn wanted(search: &CompanySearch) -> usize {
    search.most.clamp(1, MOST)
}

/// The question as one types it: one line of at most so many characters and words.
pub(crate) fn typed(search: &CompanySearch, characters: usize, words: usize) -> String {
    let text = if search.text.trim().is_empty() { &search.activity } else { &search.text };
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace().take(words) {
        length += word.chars().count() + 1;
        if length > characters {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// A text of an object; nothing where there is none.
pub(crate) fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A hit, if its address is one of the web.
pub(crate) fn hit(url: &str, title: &str, snippet: &str) -> Option<Hit> {
    let url = url.trim();
    let parsed = Url::parse(url).ok().filter(|_| url.len() <= LONGEST_URL)?;
    if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
        return None;
    }
    Some(Hit { url: parsed.into(), title: one_line(title, LONGEST_TITLE), snippet: one_line(snippet, LONGEST_SNIPPET) })
}

fn one_line(text: &str, most: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

/// The hits of a list of objects with these keys. `None` when it is no list, or
/// a list of which nothing is a hit: then the answer is not what it should be.
pub(crate) fn hits(list: Option<&Value>, [url, title, snippet]: [&str; 3]) -> Option<Vec<Hit>> {
    let list = match list {
        None | Some(Value::Null) => return Some(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return None,
    };
    let hits: Vec<Hit> = list
        .iter()
        .take(MOST)
        .filter_map(|object| hit(text(object, url), text(object, title), text(object, snippet)))
        .collect();
    (list.is_empty() || !hits.is_empty()).then_some(hits)
}

/// Page after page, until there are enough hits.
pub(crate) struct Pages {
    found: Found,
    known: HashSet<String>,
    most: usize,
}

impl Pages {
    pub(crate) fn new(search: &CompanySearch) -> Pages {
        Pages { found: Found::default(), known: HashSet::new(), most: wanted(search) }
    }

    /// Adds a page; whether another one is of use.
    pub(crate) fn add(&mut self, page: Vec<Hit>) -> bool {
        let before = self.found.hits.len();
        for hit in page {
            if self.found.hits.len() < self.most && self.known.insert(hit.url.clone()) {
                self.found.hits.push(hit);
            }
        }
        (before + 1..self.most).contains(&self.found.hits.len())
    }

    pub(crate) fn remark(&mut self, remark: String) {
        if !self.found.remarks.contains(&remark) {
            self.found.remarks.push(remark);
        }
    }

    /// What there is; a failure counts only when there is nothing else.
    pub(crate) fn finish(mut self, failure: Option<SearchError>) -> Result<Found, SearchError> {
        match failure {
            Some(error) if self.found.hits.is_empty() => Err(error),
            Some(error) => {
                self.remark(format!("{error}; the hits are those from before"));
                Ok(self.found)
            }
            None => Ok(self.found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_one_line_of_a_certain_length() {
        let check = |text: &str, activity: &str, expected: &str| {
            let search =
                CompanySearch { text: text.to_owned(), activity: activity.to_owned(), ..CompanySearch::default() };
            assert_eq!(typed(&search, 20, 3), expected);
        };
        check(" pipe\n manufacturers ", "x", "pipe manufacturers");
        check(" ", "pipes", "pipes");
        check("one two three four", "", "one two three");
        check("seventeen-letters and-more", "", "seventeen-letters");
        check("", "", "");
    }

    #[test]
    fn only_addresses_of_the_web_are_hits() {
        for text in ["", "rohr.example", "mailto:a@rohr.example", "javascript:alert(1)", "http://"] {
            assert_eq!(hit(text, "t", "s"), None, "{text}");
        }
        assert_eq!(hit(&format!("https://rohr.example/{}", "x".repeat(LONGEST_URL)), "", ""), None);
        let found = hit(" https://Rohr.example ", " Rohr\u{7}\n GmbH ", &"x".repeat(5_000)).expect("a hit");
        assert_eq!((found.url.as_str(), found.title.as_str()), ("https://rohr.example/", "Rohr GmbH"));
        assert_eq!(found.snippet.len(), LONGEST_SNIPPET);
    }
}
