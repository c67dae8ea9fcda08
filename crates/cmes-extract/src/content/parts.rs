//! The parts of a message: what its sender wrote, what they quote, and the
//! messages that were forwarded with it.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::attribution;
use super::mail::{self, Field, Header, Mailbox};
use crate::facts::emails::ranks;
use crate::words::{self, Lists};

/// One message of a chain.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// Its sender, when a header says so.
    pub from: Mailbox,
    /// Addresses for answers that differ from the sender's.
    pub reply_to: Vec<String>,
    /// Addresses of those who received it.
    pub to: Vec<String>,
    /// The words of its sender.
    pub lines: Vec<String>,
    /// Passed on rather than answered.
    pub forwarded: bool,
    /// Written by a program while its owner is away, who names others to ask.
    pub automatic: bool,
}

/// The messages of a chain, the outermost first.
pub(super) fn read(text: &str) -> Vec<Part> {
    let text = without_directions(text.trim_start_matches('\u{feff}'));
    let lines: Vec<&str> = text.lines().collect();
    let skip = lines.iter().take_while(|line| line.trim().is_empty()).count();
    let lines = lines.get(skip..).unwrap_or_default();
    let mut parts = match mail::headers(lines) {
        Some((headers, used)) => {
            let body = mail::body(&headers, lines.get(used..).unwrap_or_default());
            let body = without_directions(&body);
            let mut first = Part::default();
            first.take_headers(&headers);
            split(first, &body.lines().collect::<Vec<_>>(), is_forward(&headers))
        }
        None => split(Part::default(), lines, false),
    };
    pass_on_without_words(&mut parts);
    parts
}

/// Marks of direction, which programs put around names and addresses in
/// right-to-left text, would stand between a label and what it labels.
fn without_directions(text: &str) -> Cow<'_, str> {
    let is_mark = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.contains(is_mark) { Cow::Owned(text.replace(is_mark, "")) } else { Cow::Borrowed(text) }
}

/// Who adds no word of their own forwards what follows, as form mailers and
/// rules of mail boxes do.
fn pass_on_without_words(parts: &mut [Part]) {
    let silent = parts.first().is_some_and(|first| first.lines.iter().all(|line| line.trim().is_empty()));
    if let Some(second) = parts.get_mut(1).filter(|second| silent && !second.from.address.is_empty()) {
        second.forwarded = true;
    }
}

fn is_forward(headers: &[Header]) -> bool {
    const MARKS: &[&str] = &[
        "fwd",
        "fw",
        "wg",
        "tr",
        "rv",
        "i",
        "pd",
        "vs",
        "vb",
        "fs",
        "ilt",
        "i̇lt",
        "továbbítás",
        "enc",
        "doorst",
        "vl",
        "pr",
        "yml",
        "転送",
        "转发",
        "轉寄",
        "회신전달",
        "전달",
        "пересл",
        "пер",
        "השב",
        "توجيه",
    ];
    headers.iter().filter(|header| header.field == Field::Subject).any(|header| {
        let subject = header.value.trim_start().to_lowercase();
        let mark = crate::page::prefix(&subject, 40).split([':', '：']).next().unwrap_or_default().trim();
        subject.contains([':', '：']) && MARKS.contains(&mark)
    })
}

fn is_automatic_reply(subject: &str) -> bool {
    const MARKS: &[&str] = &[
        "automatic reply",
        "auto reply",
        "auto-reply",
        "autoreply",
        "out of office",
        "out of the office",
        "automatische antwort",
        "abwesenheit",
        "réponse automatique",
        "absence du bureau",
        "respuesta automática",
        "fuera de la oficina",
        "risposta automatica",
        "fuori sede",
        "fuori ufficio",
        "resposta automática",
        "automatisch antwoord",
        "afwezig",
        "automatyczna odpowiedź",
        "autoodpowiedź",
        "automatická odpověď",
        "automatická odpoveď",
        "automatikus válasz",
        "răspuns automat",
        "автоответ",
        "автоматический ответ",
        "автоматична відповідь",
        "автоматичен отговор",
        "αυτόματη απάντηση",
        "otomatik yanıt",
        "automatiskt svar",
        "autosvar",
        "automatisk svar",
        "fraværsmelding",
        "automaattinen vastaus",
        "自动回复",
        "自動回覆",
        "自動応答",
        "不在通知",
        "자동 회신",
        "부재중",
        "رد تلقائي",
        "תשובה אוטומטית",
    ];
    let subject = subject.to_lowercase();
    MARKS.iter().any(|mark| subject.contains(mark))
}

impl Part {
    fn take_headers(&mut self, headers: &[Header]) {
        for header in headers {
            match header.field {
                Field::From if self.from == Mailbox::default() => self.from = mail::mailbox(&header.value),
                Field::ReplyTo => self.reply_to.extend(mail::all_addresses(&header.value)),
                Field::To => self.to.extend(mail::all_addresses(&header.value)),
                Field::Subject => self.automatic |= is_automatic_reply(&header.value),
                Field::Automatic => self.automatic |= !header.value.trim().eq_ignore_ascii_case("no"),
                _ => {}
            }
        }
        self.speak_for_another();
    }

    /// A machine that sends for somebody says in Reply-To for whom.
    fn speak_for_another(&mut self) {
        let local = self.from.address.split('@').next().unwrap_or_default();
        let relays = ranks::is_last(local) || self.from.relayed || self.to.contains(&self.from.address);
        if let Some(other) = self.reply_to.first().filter(|other| relays && !self.to.contains(other)) {
            self.from.address.clone_from(other);
        }
    }
}

/// Most lines of a chain that are read, and most of a header within it.
const MOST_LINES: usize = 50_000;
const MOST_HEADER_LINES: usize = 30;

/// Splits a body at quotations and forwarded messages.
fn split(first: Part, lines: &[&str], forward: bool) -> Vec<Part> {
    let mut parts = vec![first];
    let mut quoted = Part::default();
    let mut quotation: Vec<&str> = Vec::new();
    let mut at = 0;
    let mut forwarding = false;
    // What the subject of the message around says holds for the next one.
    let mut forward = forward;
    while let Some(line) = lines.get(at).filter(|_| at < MOST_LINES) {
        let (depth, bare) = unquote(line);
        if depth > 0 {
            quotation.push(bare);
            at += 1;
            continue;
        }
        if let Some(marker) = Marker::of(line) {
            forwarding |= marker == Marker::Forwarded;
            at += 1;
            if marker == Marker::Original && !followed_by_header(lines, at) {
                parts.push(Part { forwarded: forward, ..Part::default() });
            }
            continue;
        }
        if starts_header(line)
            && let Some((headers, used)) =
                mail::headers(lines.get(at..lines.len().min(at + MOST_HEADER_LINES)).unwrap_or_default())
            && headers.iter().any(|header| header.field == Field::From)
        {
            let mut part = Part { forwarded: forwarding || forward, ..Part::default() };
            part.take_headers(&headers);
            (forwarding, forward) = (false, is_forward(&headers));
            parts.push(part);
            at += used;
            continue;
        }
        if let Some((from, used)) = attribution::find(lines, at) {
            at += used;
            let next = lines.iter().skip(at).find(|line| !line.trim().is_empty());
            if next.is_some_and(|line| unquote(line).0 > 0) {
                if quoted.from == Mailbox::default() {
                    quoted.from = from;
                }
            } else {
                parts.push(Part { from, ..Part::default() });
            }
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.lines.push((*line).to_owned());
        }
        at += 1;
    }
    if !quotation.is_empty() {
        // A forwarded message may be quoted as a whole.
        let forwarded = quoted.from == Mailbox::default() && (forwarding || forward && parts.len() == 1);
        quoted.forwarded = forwarded;
        // Nothing in it is quoted any more: this goes down once.
        let inner = split(quoted, &quotation, forwarded);
        parts.extend(inner.into_iter().filter(|part| !part.is_empty()));
    }
    parts
}

impl Part {
    fn is_empty(&self) -> bool {
        self.from == Mailbox::default() && self.lines.iter().all(|line| line.trim().is_empty())
    }
}

/// How often a line is quoted, and the line itself.
fn unquote(line: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = line;
    // Links in angle brackets are no quotation.
    while let Some(inner) = rest.trim_start_matches(' ').strip_prefix('>') {
        depth += 1;
        rest = inner;
    }
    (depth, rest.strip_prefix(' ').unwrap_or(rest))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marker {
    Forwarded,
    Original,
}

/// The words of both kinds of lines; the first letter of an entry is its kind.
static MARKERS: LazyLock<Lists<Marker>> = LazyLock::new(|| {
    let entries = words::list(include_str!("markers.txt"));
    let of = |mark: char| entries.iter().filter_map(move |entry| entry.strip_prefix(mark)).collect::<Vec<_>>();
    Lists::new([(Marker::Forwarded, of('+')), (Marker::Original, of('='))])
});

impl Marker {
    fn of(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.len() > 200 || !(line.starts_with(['-', '_', '*', '=', '—', '–', '─']) || line.ends_with([':', '：']))
        {
            return None;
        }
        MARKERS.first(&line.to_lowercase(), |_| true)
    }
}

fn followed_by_header(lines: &[&str], at: usize) -> bool {
    let next = lines.iter().skip(at).take(4).position(|line| !line.trim().is_empty());
    next.is_some_and(|skip| {
        mail::headers(lines.get(at + skip..lines.len().min(at + skip + MOST_HEADER_LINES)).unwrap_or_default())
            .is_some()
    })
}

/// Whether a line may begin a header, before more is tried.
fn starts_header(line: &str) -> bool {
    crate::page::prefix(line, 60).contains([':', '：'])
}
