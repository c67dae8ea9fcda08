//! E-mails as text: header fields (RFC 5322), encoded words (RFC 2047) and
//! MIME bodies (RFC 2045, 2046), read leniently and in linear time. Text that
//! is not encoded is taken as it stands: it has been decoded before.

use std::collections::HashSet;

use encoding_rs::{Encoding, WINDOWS_1252};
use url::Url;

pub(super) use super::fields::Field;
use super::fields::field;
use crate::page::{self, RawPage};

/// A header field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub field: Field,
    /// Unfolded, encoded words decoded.
    pub value: String,
}

/// A header line: the field and its value.
fn header(line: &str) -> Option<(Field, &str)> {
    let (name, value) = page::prefix(line, 60).split_once([':', '：']).map(|(name, _)| name).map(|name| {
        let value = line.get(name.len()..).unwrap_or_default();
        (name, value.trim_start_matches([':', '：']).trim().trim_start_matches('*').trim())
    })?;
    (name.chars().count() <= 30).then(|| field(name)).flatten().map(|field| (field, value))
}

/// The block of header fields that begins at a line, and how many lines it
/// takes. It must hold two kinds of fields, so that `To: do` is no header.
pub(super) fn headers(lines: &[&str]) -> Option<(Vec<Header>, usize)> {
    let mut out: Vec<Header> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let folded = line.starts_with([' ', '\t']) && !line.trim().is_empty();
        match (header(line.trim_start()), out.last_mut()) {
            (_, Some(last)) if folded && !out_of_place(line) => {
                if last.value.len() < 8_000 {
                    last.value.push(' ');
                    last.value.push_str(line.trim());
                }
            }
            (Some((field, value)), _) => out.push(Header { field, value: value.to_owned() }),
            // Fields nobody knows, in between.
            (None, Some(_)) if is_unknown_field(line) => out.push(Header { field: Field::Other, value: String::new() }),
            _ => break,
        }
        at += 1;
        if at > 400 {
            break;
        }
    }
    let kinds: HashSet<_> = out.iter().map(|header| std::mem::discriminant(&header.field)).collect();
    if kinds.len() < 2 {
        return None;
    }
    for header in &mut out {
        header.value = words(&header.value);
    }
    Some((out, at))
}

/// An indented line that is a header of its own (a quoted Outlook header).
fn out_of_place(line: &str) -> bool {
    header(line.trim_start()).is_some_and(|(field, _)| field != Field::Other)
}

fn is_unknown_field(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| {
        name.len() > 2
            && name.len() < 50
            && name.contains('-')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

/// An address with the name before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mailbox {
    pub name: String,
    pub address: String,
    /// A mailing list or platform writes in somebody's name (`Ann Lee via Sales`).
    pub relayed: bool,
}

/// The mailbox of a From or To field.
pub(super) fn mailbox(value: &str) -> Mailbox {
    let value = page::prefix(value, 2_000);
    let address = crate::facts::emails::scan::addresses(value).into_iter().next().unwrap_or_default();
    let end = value.find(['<', '[']).unwrap_or(value.len());
    let mut name = value.get(..end).unwrap_or_default().trim();
    if name.contains('@') {
        name = value.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(name, _)| name);
    }
    let name = name.trim_matches(['"', '\'', ' ', '*', ',', ';']);
    let relayed = name.contains(" via ") || name.contains(" über ");
    let name = name.split(" via ").flat_map(|name| name.split(" über ")).next().unwrap_or_default();
    let name = name.split(" (").next().unwrap_or_default().trim_matches(['"', '\'']);
    let name = match name.split_once(", ") {
        Some((family, given)) if !given.contains(',') && family.split(' ').count() <= 2 => format!("{given} {family}"),
        _ => name.to_owned(),
    };
    Mailbox { name: name.trim().to_owned(), address, relayed }
}

/// Every address in a field.
pub(super) fn all_addresses(value: &str) -> Vec<String> {
    crate::facts::emails::scan::addresses(page::prefix(value, 8_000))
}

/// How deep messages within messages are read.
const DEEPEST: u8 = 4;

/// The readable body of a message whose top headers are known.
pub(super) fn body(headers: &[Header], lines: &[&str]) -> String {
    body_at(headers, lines, 0)
}

fn body_at(headers: &[Header], lines: &[&str], depth: u8) -> String {
    let value =
        |field: Field| headers.iter().find(|header| header.field == field).map_or("", |header| header.value.as_str());
    let kind = value(Field::ContentType);
    if let Some(boundary) = parameter(kind, "boundary") {
        return multipart(&boundary, lines, depth);
    }
    let part = Part {
        kind: kind.to_lowercase(),
        charset: parameter(kind, "charset").unwrap_or_default(),
        encoding: value(Field::Encoding).to_lowercase(),
    };
    part.text(lines)
}

/// What is known of one body part.
#[derive(Default)]
struct Part {
    kind: String,
    charset: String,
    encoding: String,
}

impl Part {
    fn text(&self, lines: &[&str]) -> String {
        let joined = || lines.join("\n");
        let text = match self.encoding.trim() {
            "base64" => self.decode(&base64(lines.iter().flat_map(|line| line.bytes()))),
            "quoted-printable" => self.decode(&quoted_printable(lines)),
            // The charsets of seven bits are still encoded in decoded text.
            _ if self.charset.to_ascii_lowercase().starts_with("iso-2022-") => self.decode(joined().as_bytes()),
            _ => joined(),
        };
        if self.kind.contains("text/html") || (self.kind.is_empty() && looks_like_html(&text)) {
            from_html(&text)
        } else {
            text
        }
    }

    fn decode(&self, bytes: &[u8]) -> String {
        decode(&self.charset, bytes)
    }
}

fn decode(charset: &str, bytes: &[u8]) -> String {
    match Encoding::for_label(charset.trim().as_bytes()) {
        Some(encoding) => encoding.decode(bytes).0.into_owned(),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => WINDOWS_1252.decode(bytes).0.into_owned(),
        },
    }
}

fn looks_like_html(text: &str) -> bool {
    let head = page::prefix(text.trim_start(), 200).to_ascii_lowercase();
    head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || head.starts_with("<div")
        || head.starts_with("<body")
}

/// Largest HTML part that is read.
const LARGEST_HTML: usize = 2 * 1024 * 1024;

/// The lines of an HTML part; links follow their line, quotations begin with `>`.
fn from_html(html: &str) -> String {
    let Ok(url) = Url::parse("http://content.invalid/") else { return String::new() };
    let page = page::read(&RawPage { url: &url, headers: &[], html: page::prefix(html, LARGEST_HTML) });
    let mut out = String::with_capacity(html.len() / 4);
    let mut links = page.links.iter().peekable();
    let mut quoted: Vec<bool> = Vec::with_capacity(page.elements.len());
    for (at, element) in page.elements.iter().enumerate() {
        let outer = (element.parent as usize) < at && quoted.get(element.parent as usize).copied().unwrap_or(false);
        quoted.push(outer || element.name == "blockquote" && !element.class.contains("signature"));
    }
    for (at, line) in (0u32..).zip(&page.lines) {
        if line.hidden {
            continue;
        }
        if quoted.get(line.element as usize).copied().unwrap_or(false) {
            out.push_str("> ");
        }
        out.push_str(&line.text);
        while let Some(link) = links.next_if(|link| link.line <= at) {
            let href = link.url.as_ref().map_or(link.href.as_str(), Url::as_str);
            let own = href.starts_with("http") || href.starts_with("mailto:");
            if own && !href.contains("content.invalid") && href.len() < 2_000 {
                out.push_str(" <");
                out.push_str(href.strip_prefix("mailto:").unwrap_or(href));
                out.push('>');
            }
        }
        out.push('\n');
    }
    out
}

/// The parts of a multipart body that are read.
#[derive(Default)]
struct Texts {
    plain: String,
    html: String,
    /// Messages that are attached.
    messages: String,
}

impl Texts {
    fn take(&mut self, part: &Part, lines: &[&str], depth: u8) {
        let text = if part.kind.starts_with("text/html") {
            &mut self.html
        } else if part.kind.is_empty() || part.kind.starts_with("text/plain") {
            &mut self.plain
        } else if part.kind.starts_with("message/rfc822") {
            self.messages.push_str(&attached(lines, depth));
            return;
        } else {
            return;
        };
        text.push_str(&part.text(lines));
        text.push('\n');
    }

    /// The plain text, or the HTML where that says next to nothing.
    fn joined(self) -> String {
        let weight = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        let plain = weight(&self.plain);
        let mut text = if plain == 0 || plain < 200 && plain * 4 < weight(&self.html) { self.html } else { self.plain };
        text.push_str(&self.messages);
        text
    }
}

/// An attached message as programs write it into a text when they forward it.
fn attached(lines: &[&str], depth: u8) -> String {
    let skip = lines.iter().take_while(|line| line.trim().is_empty()).count();
    let lines = lines.get(skip..).unwrap_or_default();
    let Some((fields, used)) = headers(lines).filter(|_| depth < DEEPEST) else { return String::new() };
    let mut text = String::from("\n---------- Forwarded message ----------\n");
    for header in &fields {
        let name = match header.field {
            Field::From => "From",
            Field::ReplyTo => "Reply-To",
            Field::To => "To",
            Field::Subject => "Subject",
            _ => continue,
        };
        text.extend([name, ": ", &header.value, "\n"]);
    }
    text.push('\n');
    text.push_str(&body_at(&fields, lines.get(used..).unwrap_or_default(), depth + 1));
    text
}

fn multipart(boundary: &str, lines: &[&str], depth: u8) -> String {
    let mut boundaries: HashSet<String> = HashSet::from([format!("--{boundary}")]);
    let mut texts = Texts::default();
    let mut at = 0;
    let mut part: Option<(Part, usize)> = None;
    let mut finish = |part: Option<(Part, usize)>, end: usize| {
        if let Some((part, start)) = part {
            texts.take(&part, lines.get(start..end).unwrap_or_default(), depth);
        }
    };
    while let Some(line) = lines.get(at) {
        let bare = line.trim_end();
        let closing = bare.strip_suffix("--").is_some_and(|bare| boundaries.contains(bare));
        if !bare.starts_with("--") || !(closing || boundaries.contains(bare)) {
            at += 1;
            continue;
        }
        finish(part.take(), at);
        at += 1;
        if closing {
            continue;
        }
        let (next, length) = part_headers(lines.get(at..).unwrap_or_default());
        if let Some(inner) = parameter(&next.kind_written, "boundary") {
            boundaries.insert(format!("--{inner}"));
        }
        at += length;
        part = Some((next.part, at));
    }
    finish(part.take(), lines.len());
    texts.joined()
}

struct PartHeaders {
    part: Part,
    kind_written: String,
}

/// The header of a body part, and how many lines it takes.
fn part_headers(lines: &[&str]) -> (PartHeaders, usize) {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at).filter(|_| at < 60) {
        at += 1;
        if line.trim().is_empty() {
            break;
        }
        match (line.starts_with([' ', '\t']), fields.last_mut(), line.split_once(':')) {
            (true, Some((_, value)), _) => value.push_str(line),
            (_, _, Some((name, value))) => fields.push((name.trim().to_lowercase(), value.trim().to_owned())),
            _ => {}
        }
    }
    let value =
        |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let kind_written = value("content-type");
    let attached = value("content-disposition").to_lowercase().starts_with("attachment")
        && !kind_written.to_lowercase().starts_with("message/rfc822");
    let kind = if attached { "application/attachment".to_owned() } else { kind_written.to_lowercase() };
    let charset = parameter(&kind_written, "charset").unwrap_or_default();
    let part = Part { kind, charset, encoding: value("content-transfer-encoding").to_lowercase() };
    (PartHeaders { part, kind_written }, at)
}

/// A parameter of a Content-Type.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        (key.trim().eq_ignore_ascii_case(name))
            .then(|| value.trim().trim_matches('"').to_owned())
            .filter(|value| !value.is_empty())
    })
}

/// Decodes encoded words (RFC 2047); white space between two of them goes.
fn words(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    let mut after_word = false;
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        match encoded_word(from) {
            Some((text, length)) => {
                if !(after_word && before.trim().is_empty()) {
                    out.push_str(before);
                }
                out.push_str(&text);
                rest = from.get(length..).unwrap_or_default();
                after_word = true;
            }
            None => {
                out.push_str(before);
                out.push_str("=?");
                rest = from.get(2..).unwrap_or_default();
                after_word = false;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The encoded word at the beginning, and its length.
fn encoded_word(text: &str) -> Option<(String, usize)> {
    let inner = page::prefix(text.get(2..)?, 400);
    let (charset, rest) = inner.split_once('?')?;
    let (kind, rest) = rest.split_once('?')?;
    let (data, _) = rest.split_once("?=")?;
    let bytes = match kind {
        "B" | "b" => base64(data.bytes()),
        "Q" | "q" => {
            let data = data.replace('_', " ");
            quoted_printable(&[data.as_str()])
        }
        _ => return None,
    };
    let length = 2 + charset.len() + 1 + kind.len() + 1 + data.len() + 2;
    let charset = charset.split('*').next().unwrap_or_default();
    Some((decode(charset, &bytes), length))
}

/// Decodes Base64, leaving out what is none.
fn base64(text: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xff).unwrap_or_default());
            bits &= (1 << count) - 1;
        }
    }
    out
}

/// Decodes quoted-printable lines.
fn quoted_printable(lines: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    let count = lines.len();
    for (at, line) in lines.iter().enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let (line, soft) = line.strip_suffix('=').map_or((line, false), |line| (line, true));
        let mut bytes = line.bytes();
        while let Some(byte) = bytes.next() {
            let hex = (byte == b'=').then(|| {
                let mut ahead = bytes.clone();
                let high = ahead.next().and_then(|b| char::from(b).to_digit(16));
                let low = ahead.next().and_then(|b| char::from(b).to_digit(16));
                high.zip(low).and_then(|(high, low)| u8::try_from(high * 16 + low).ok())
            });
            match hex.flatten() {
                Some(value) => {
                    bytes.next();
                    bytes.next();
                    out.push(value);
                }
                None => out.push(byte),
            }
        }
        if !soft && at + 1 < count {
            out.push(b'\n');
        }
    }
    out
}
