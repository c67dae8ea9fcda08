//! Finding the charset that a page declares in its own bytes.
//!
//! The algorithm "prescan a byte stream to determine its encoding" of the HTML
//! standard (<https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding>),
//! with the XML declaration. One pass, no allocation beyond attribute values.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252, X_USER_DEFINED};

/// How far it looks. The standard's first pass reads 1,024 bytes, but a parser
/// that meets a declaration later starts again with it; looking further at once
/// gives the same result.
const PRESCAN_BYTES: usize = 16 * 1024;

/// Attribute values longer than this declare no charset.
const MAX_VALUE: usize = 256;

/// The charset declared by a `meta` element or an XML declaration.
pub(crate) fn declared_encoding(body: &[u8]) -> Option<&'static Encoding> {
    let mut scan = Scan { rest: &body[..body.len().min(PRESCAN_BYTES)] };
    if let Some(encoding) = xml_declaration(scan.rest) {
        return Some(encoding);
    }
    while let Some(at) = scan.rest.iter().position(|&byte| byte == b'<') {
        scan.skip(at);
        if scan.rest.starts_with(b"<!--") {
            scan.skip_comment();
        } else if scan.at_meta() {
            if let Some(encoding) = scan.meta() {
                return Some(encoding);
            }
        } else if scan.at_tag() {
            scan.skip_tag();
        } else if matches!(scan.rest.get(1), Some(b'!' | b'/' | b'?')) {
            let end = scan.rest.iter().position(|&byte| byte == b'>');
            scan.skip(end.unwrap_or(scan.rest.len()));
        } else {
            scan.skip(1);
        }
    }
    None
}

/// `<?xml version="1.0" encoding="…"?>`
fn xml_declaration(body: &[u8]) -> Option<&'static Encoding> {
    if !body.starts_with(b"<?xml") {
        return None;
    }
    let end = body.iter().position(|&byte| byte == b'>')?;
    let declaration = &body[..end];
    let at = declaration.windows(8).position(|window| window == b"encoding")? + 8;
    let mut rest = skip_spaces(declaration.get(at..)?);
    rest = skip_spaces(rest.strip_prefix(b"=")?);
    let (quote, rest) = rest.split_first()?;
    let end = rest.iter().position(|byte| byte == quote)?;
    matches!(quote, b'"' | b'\'').then(|| usable(&rest[..end])).flatten()
}

/// The encoding of a label, with the replacements of the standard: bytes that
/// could be scanned for ASCII text cannot be UTF-16.
fn usable(label: &[u8]) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label)?;
    Some(match encoding.name() {
        "UTF-16LE" | "UTF-16BE" => UTF_8,
        _ if encoding == X_USER_DEFINED => WINDOWS_1252,
        _ => encoding,
    })
}

struct Scan<'a> {
    rest: &'a [u8],
}

impl<'a> Scan<'a> {
    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    /// `-->` may share its dashes with the opening `<!--`.
    fn skip_comment(&mut self) {
        self.skip(2);
        let end = self.rest.windows(3).position(|window| window == b"-->");
        self.skip(end.map_or(self.rest.len(), |end| end + 3));
    }

    fn at_meta(&self) -> bool {
        let name = self.rest.get(1..5).unwrap_or_default();
        name.eq_ignore_ascii_case(b"meta") && self.rest.get(5).is_some_and(|&byte| is_space(byte) || byte == b'/')
    }

    fn at_tag(&self) -> bool {
        let name = match self.rest.get(1) {
            Some(b'/') => self.rest.get(2),
            other => other,
        };
        name.is_some_and(u8::is_ascii_alphabetic)
    }

    fn skip_tag(&mut self) {
        let end = self.rest.iter().position(|&byte| is_space(byte) || byte == b'>');
        self.skip(end.unwrap_or(self.rest.len()));
        while self.attribute().is_some() {}
    }

    /// What the `meta` element here declares.
    fn meta(&mut self) -> Option<&'static Encoding> {
        self.skip(5);
        let (mut is_pragma, mut charset, mut content) = (false, None, None);
        let mut seen: Vec<Vec<u8>> = Vec::new();
        while let Some((name, value)) = self.attribute() {
            if seen.contains(&name) {
                continue;
            }
            match name.as_slice() {
                b"http-equiv" => is_pragma = value.eq_ignore_ascii_case(b"content-type"),
                b"charset" => charset = charset.or(Some(usable(&value))),
                b"content" => content = content.or_else(|| charset_of_content_type(&value)),
                _ => continue,
            }
            seen.push(name);
        }
        match charset {
            Some(declared) => declared,
            None => content.filter(|_| is_pragma),
        }
    }

    /// The next attribute of the tag, in lower case, or none at its end.
    fn attribute(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        let start = self.rest.iter().position(|&byte| !is_space(byte) && byte != b'/');
        self.skip(start.unwrap_or(self.rest.len()));
        if matches!(self.rest.first(), None | Some(b'>')) {
            return None;
        }
        let ends_name =
            |(at, &byte): (usize, &u8)| (byte == b'=' && at > 0) || is_space(byte) || matches!(byte, b'/' | b'>');
        let end = self.rest.iter().enumerate().position(ends_name).unwrap_or(self.rest.len());
        let name = lower(&self.rest[..end]);
        self.skip(end);
        let after = skip_spaces(self.rest);
        let Some(value) = after.strip_prefix(b"=") else { return Some((name, Vec::new())) };
        self.rest = skip_spaces(value);
        Some((name, self.value()))
    }

    fn value(&mut self) -> Vec<u8> {
        let (end, after) = match self.rest.first() {
            Some(&quote @ (b'"' | b'\'')) => {
                self.skip(1);
                let end = self.rest.iter().position(|&byte| byte == quote).unwrap_or(self.rest.len());
                (end, end + 1)
            }
            _ => {
                let end = self.rest.iter().position(|&byte| is_space(byte) || byte == b'>');
                let end = end.unwrap_or(self.rest.len());
                (end, end)
            }
        };
        let value = lower(&self.rest[..end.min(MAX_VALUE)]);
        self.skip(after);
        value
    }
}

/// The charset in `text/html; charset=…`.
fn charset_of_content_type(value: &[u8]) -> Option<&'static Encoding> {
    let mut rest = value;
    loop {
        let at = rest.windows(7).position(|window| window == b"charset")? + 7;
        rest = skip_spaces(&rest[at..]);
        if let Some(label) = rest.strip_prefix(b"=") {
            let label = skip_spaces(label);
            return match label.split_first() {
                Some((quote @ (b'"' | b'\''), label)) => {
                    let end = label.iter().position(|byte| byte == quote)?;
                    usable(&label[..end])
                }
                _ => {
                    let end = label.iter().position(|&byte| is_space(byte) || byte == b';');
                    usable(&label[..end.unwrap_or(label.len())])
                }
            };
        }
    }
}

fn lower(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().take(MAX_VALUE).map(u8::to_ascii_lowercase).collect()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn skip_spaces(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|&byte| !is_space(byte));
    bytes.get(start.unwrap_or(bytes.len())..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(body: &str, expected: Option<&str>) {
        assert_eq!(declared_encoding(body.as_bytes()).map(Encoding::name), expected, "{body}");
    }

    #[test]
    fn declarations_of_all_spellings() {
        check(r#"<meta charset="windows-1251">"#, Some("windows-1251"));
        check("<META CHARSET=Shift_JIS>", Some("Shift_JIS"));
        check("<meta charset=gbk/>", None);
        check("<meta charset=gbk />", Some("GBK"));
        check("<meta\n charset\n =\n 'euc-kr'\n>", Some("EUC-KR"));
        check(r#"<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">"#, Some("ISO-8859-2"));
        check(r#"<meta content="text/html;charset=koi8-r" http-equiv=content-type>"#, Some("KOI8-R"));
        check(r#"<meta http-equiv="content-type" content="charset text; charset = 'big5'">"#, Some("Big5"));
        check(r#"<html lang="a"><head><title>x</title><meta charset=utf-8>"#, Some("UTF-8"));
        check(r#"<?xml version="1.0" encoding="iso-8859-1"?><html>"#, Some("windows-1252"));
        check("<?xml version='1.0' encoding = 'utf-8'?>", Some("UTF-8"));
    }

    #[test]
    fn what_is_no_declaration() {
        check("", None);
        check("<", None);
        check("<meta", None);
        check("<meta charset", None);
        check("<meta charset=>", None);
        check("<metadata charset=gbk>", None);
        check(r#"<meta name=description content="text/html; charset=gbk">"#, None);
        check(r#"<!-- <meta charset=gbk> --><p>"#, None);
        check(r#"<!--><meta charset=gbk>"#, Some("GBK"));
        check(r#"<p title="<meta charset=gbk>">"#, None);
        check(r#"<script src='<meta charset=gbk>'></script><meta charset=big5>"#, Some("Big5"));
        check("<?php <meta charset=gbk> ?>", None);
        check("<meta charset=nonsense>", None);
        check("<meta charset=nonsense><meta charset=gbk>", Some("GBK"));
        check("<?xml version='1.0'?><meta charset=gbk>", Some("GBK"));
        check("<?xml encoding=\"gbk?>", None);
    }

    #[test]
    fn bytes_that_were_scanned_are_not_utf16() {
        check("<meta charset=utf-16>", Some("UTF-8"));
        check("<meta charset=x-user-defined>", Some("windows-1252"));
    }

    #[test]
    fn a_late_declaration_counts_and_a_very_late_one_does_not() {
        check(&format!("<title>{}</title><meta charset=gbk>", "x".repeat(4000)), Some("GBK"));
        check(&format!("<title>{}</title><meta charset=gbk>", "x".repeat(20_000)), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body: Vec<u8>) {
            let _ = declared_encoding(&body);
        }

        #[test]
        fn no_markup_panics(body in "(<meta |<!--|-->|<\\?xml |charset|=|\"|'|content|http-equiv|[ />a<;]){0,40}") {
            let _ = declared_encoding(body.as_bytes());
        }
    }
}
