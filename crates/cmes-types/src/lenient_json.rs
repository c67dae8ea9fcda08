//! JSON as people paste it.
//!
//! Used where strict JSON has already failed: on request bodies copied from
//! the reference's examples, and on JSON-LD written by hand into pages. It
//! forgives what those contain and nothing else: comments, trailing commas, a
//! backslash before white space inside a string (a shell's line continuation),
//! raw line breaks and tabs inside a string, a byte order mark.
//!
//! It works by rewriting the text to strict JSON in one pass without
//! recursion; the result goes to serde_json, whose depth limit guards the rest.

/// Parses strictly first, and leniently only if that fails.
///
/// # Errors
/// The error of the *strict* reading when both fail: its line and column refer
/// to the text as it was given.
pub fn from_str<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text).or_else(|strict| serde_json::from_str(&normalize(text)).map_err(|_| strict))
}

/// Rewrites lenient JSON to strict JSON. What is not JSON in either sense is
/// passed through for the strict parser to refuse.
#[must_use]
pub fn normalize(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = match c {
            '"' => copy_string(rest, &mut out),
            '/' if rest.starts_with("//") => rest.find('\n').map_or("", |end| &rest[end..]),
            '/' if rest.starts_with("/*") => rest[2..].find("*/").map_or("", |end| &rest[end + 4..]),
            ']' | '}' => {
                drop_trailing_comma(&mut out);
                out.push(c);
                &rest[1..]
            }
            _ => {
                out.push(c);
                &rest[c.len_utf8()..]
            }
        };
    }
    out
}

fn drop_trailing_comma(out: &mut String) {
    let kept = out.trim_end().len();
    if out[..kept].ends_with(',') {
        out.truncate(kept - 1);
    }
}

/// Copies the string literal at the start of `text`, mending it, and returns
/// what follows it.
fn copy_string<'a>(text: &'a str, out: &mut String) -> &'a str {
    out.push('"');
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => {
                out.push('"');
                return &text[at + 1..];
            }
            '\\' => match chars.next() {
                // A line continuation: the break goes, as in the shell.
                Some((_, '\n')) => {}
                Some((_, '\r')) => {
                    chars.next_if(|(_, c)| *c == '\n');
                }
                // The reference prints its continuations on one line.
                Some((_, blank)) if blank.is_whitespace() => out.push(blank),
                Some((_, escaped)) => out.extend(['\\', escaped]),
                None => out.push('\\'),
            },
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Strict JSON has no others below the blank, and all above it.
            '\0'..='\u{1f}' => {}
            c => out.push(c),
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn check(text: &str, expected: &Value) {
        assert_eq!(from_str::<Value>(text).ok().as_ref(), Some(expected), "{text}");
    }

    #[test]
    fn the_examples_of_the_reference_are_read() {
        check("{ \"a\": \"WE, \\\n implements\" }", &json!({"a": "WE,  implements"}));
        check("{ \"a\": \"WE, \\ implements\" }", &json!({"a": "WE,  implements"}));
        check("{ \"a\": \"x\\\r\ny\" }", &json!({"a": "xy"}));
    }

    #[test]
    fn comments_and_trailing_commas_are_forgiven() {
        check("{\"a\": 1, // one\n /* two */ \"b\": [1, 2, ],\n}", &json!({"a": 1, "b": [1, 2]}));
        check("{\"a\": \"// no comment, /* nor this */ ,]\"}", &json!({"a": "// no comment, /* nor this */ ,]"}));
        check("\u{feff}{\"a\": \"line\nbreak\\\"\"}", &json!({"a": "line\nbreak\""}));
    }

    #[test]
    fn control_characters_that_strict_json_has_are_kept() {
        check("[\"a\u{7f}\u{85}b\u{1}\",]", &json!(["a\u{7f}\u{85}b"]));
    }

    #[test]
    fn what_is_broken_stays_broken() {
        for text in ["{ \"ID\" = \"57\" }", "{\"a\": 1 \"b\": 2}", "{", "[1,,2]", "{'a': 1}", "/*", "\"\\"] {
            assert!(from_str::<Value>(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn strict_json_keeps_its_meaning(text in "[a-z\"\\\\/*,{}\\[\\]:0-9 \n]*") {
            if let Ok(value) = serde_json::from_str::<Value>(&text) {
                prop_assert_eq!(serde_json::from_str::<Value>(&normalize(&text)).ok(), Some(value));
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = from_str::<Value>(&text);
        }
    }
}
