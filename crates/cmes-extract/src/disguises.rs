//! E-mail addresses that a page's scripts put together or decipher.

use crate::facts::emails::owners::{self, Owner};
use crate::facts::emails::scan;

pub(crate) mod attributes;

/// Longest script looked into: those that write an address are short, those
/// that hold the data of a whole page are not.
const LONGEST: usize = 6_000;
/// Most string literals of a script.
const MOST: usize = 60;

/// A string in a script, or several that are added up.
#[derive(Debug)]
struct Piece {
    text: String,
    /// Of how many strings it is made.
    strings: usize,
    /// A comma alone stands between it and the piece before.
    argument: bool,
}

/// The addresses at the site's own domain that a script puts together:
/// `'info' + '@' + 'firm.test'`, `write("info", "firm.test")`, the cloak of
/// Joomla. Whole addresses in one string are left alone: they are data.
pub(crate) fn assembled(script: &str, domain: &str) -> Vec<String> {
    let may = |text: &str| text.contains('@') || text.contains("&#") || text.contains(domain);
    if script.len() > LONGEST || domain.is_empty() || !may(script) {
        return Vec::new();
    }
    let pieces = pieces(script);
    let mut out: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        let own = scan::addresses(text).into_iter().find(|address| owners::of(address, domain) == Owner::Site);
        out.extend(own.filter(|address| !out.contains(address)).into_iter().take(1));
    };
    for piece in pieces.iter().filter(|piece| piece.strings > 1) {
        add(&piece.text);
    }
    for pair in pieces.windows(2) {
        let [one, two] = pair else { continue };
        if one.text.ends_with('@') {
            add(&format!("{}{}", one.text, two.text));
        } else if two.argument && two.text == domain && one.strings == 1 {
            add(&format!("{}@{domain}", one.text));
        }
    }
    out.truncate(3);
    out
}

/// A text in which the site's own addresses, typed backwards and turned round
/// by a style sheet, stand in the right direction.
pub(crate) fn turned_round(text: &str, domain: &str) -> Option<String> {
    if domain.is_empty() || !text.contains('@') {
        return None;
    }
    let backwards: String = domain.chars().rev().collect();
    if !text.contains(&backwards) {
        return None;
    }
    let turn = |word: &str| {
        let turned: String = word.chars().rev().collect();
        let own = scan::addresses(&turned).iter().any(|address| owners::of(address, domain) == Owner::Site);
        if word.contains('@') && own { turned } else { word.to_owned() }
    };
    Some(
        text.split_inclusive(char::is_whitespace)
            .map(|word| {
                let (bare, blank) = word.split_at(word.trim_end().len());
                turn(bare) + blank
            })
            .collect(),
    )
}

fn pieces(script: &str) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut rest = script;
    for _ in 0..MOST {
        let Some(open) = rest.find(['\'', '"']) else { break };
        let between = rest.get(..open).unwrap_or_default().trim();
        let quote = rest.get(open..).and_then(|rest| rest.chars().next()).unwrap_or('"');
        let inner = rest.get(open + 1..).unwrap_or_default();
        let mut text = String::new();
        let mut chars = inner.char_indices();
        let mut end = None;
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => text.extend(chars.next().map(|(_, c)| c)),
                c if c == quote => {
                    end = Some(at);
                    break;
                }
                c => text.push(c),
            }
        }
        let Some(end) = end else { break };
        rest = inner.get(end + 1..).unwrap_or_default();
        let text = decoded(&text);
        match out.last_mut() {
            Some(last) if between == "+" => {
                last.text.push_str(&text);
                last.strings += 1;
            }
            _ => out.push(Piece { text, strings: 1, argument: between == "," }),
        }
    }
    out
}

/// Numeric character references decoded.
fn decoded(text: &str) -> String {
    let mut parts = text.split("&#");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.split_once(';').and_then(|(code, rest)| {
            let hex = code.strip_prefix(['x', 'X']);
            let value = hex.map_or_else(|| code.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
            Some((char::from_u32(value?)?, rest))
        });
        match code {
            Some((c, rest)) => {
                out.push(c);
                out.push_str(rest);
            }
            None => {
                out.push_str("&#");
                out.push_str(part);
            }
        }
    }
    out
}

/// The `mailto:` link that TYPO3 enciphers by moving every letter some places
/// on: `javascript:linkTo_UnCryptMailto('ocknvq,…')`, `data-mailto-token`.
pub(crate) fn typo3(href: &str) -> Option<String> {
    let (_, token) = href.split_once("ryptMailto(")?;
    let token = percent_encoding::percent_decode_str(token).decode_utf8().ok()?;
    moved_back(token.trim_start_matches(['\'', '"']).split(['\'', '"']).next()?)
}

/// A text with every letter moved back so that it begins with `mailto:`.
pub(crate) fn moved_back(token: &str) -> Option<String> {
    let first = i32::from(*token.as_bytes().first()?);
    if token.len() > 300 {
        return None;
    }
    let by = i32::from(b'm') - first;
    // Some imitations do not begin anew at the end of the alphabet.
    let plain = |c: char| u32::try_from(c as i32 + by).ok().and_then(char::from_u32).unwrap_or(c);
    [token.chars().map(|c| moved(c, by)).collect::<String>(), token.chars().map(plain).collect()]
        .into_iter()
        .find(|text| text.starts_with("mailto:") && text.contains('@'))
}

fn moved(c: char, by: i32) -> char {
    let range = [('+', ':'), ('@', 'Z'), ('a', 'z')].into_iter().find(|(start, end)| (*start..=*end).contains(&c));
    let Some((start, end)) = range else { return c };
    let (start, end, code) = (start as i32, end as i32, c as i32);
    let place = (code - start + by).rem_euclid(end - start + 1);
    u32::try_from(start + place).ok().and_then(char::from_u32).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_put_together_by_script() {
        let check = |script: &str, expected: &[&str]| assert_eq!(assembled(script, "firm.co.uk"), expected, "{script}");
        check("write('info' + '@' + 'firm.co.uk')", &["info@firm.co.uk"]);
        check("m('info','firm.co.uk')", &["info@firm.co.uk"]);
        check("var a = 'r&#101;turns' + '&#64;'; a = a + 'f&#105;rm' + '&#46;' + 'co.uk';", &["returns@firm.co.uk"]);
        check("document.write('<a href=\\'mailto:' + 'sales' + '@' + 'firm.co.uk\\'>')", &["sales@firm.co.uk"]);
        // Data, other domains, parts of other things.
        check("data = {\"mail\": \"ann@firm.co.uk\"}", &[]);
        check("write('info' + '@' + 'agency.com')", &[]);
        check("track('www', 'firm.co.uk.evil.test')", &[]);
        check("'", &[]);
        check(&"'a' + ".repeat(900), &[]);
    }

    #[test]
    fn addresses_typed_backwards() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(turned_round(text, "firm.co.uk").as_deref(), expected);
        check("Mail: ku.oc.mrif@ofni or call", Some("Mail: info@firm.co.uk or call"));
        check("Mail: info@firm.co.uk", None);
        check("moc.ycnega@ofni", None);
    }

    #[test]
    fn enciphered_links() {
        let check = |href: &str, expected: Option<&str>| assert_eq!(typo3(href).as_deref(), expected, "{href}");
        check("javascript:linkTo_UnCryptMailto('nbjmup+jogpAgjsn/ef');", Some("mailto:info@firm.de"));
        check("javascript:linkTo_UnCryptMailto('ocknvq,kphqBhkto0bg');", Some("mailto:info@firm.ze"));
        check("javascript:linkTo_UnCryptMailto(%27ocknvq%3Ckphq@hkto0fg%27);", None);
        check("javascript:linkTo_UnCryptMailto(%27ocknvq%3CkphqBhkto0fg%27);", Some("mailto:info@firm.de"));
        check("javascript:open('ocknvq')", None);
        assert_eq!(moved_back("🙂"), None);
    }
}
