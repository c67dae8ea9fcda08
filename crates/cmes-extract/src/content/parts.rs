//! The parts of a message: what its sender wrote, what they quote, and the
//! messages that were forwarded with it.

use super::mail::{self, Field, Header, Mailbox};

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
}

/// The messages of a chain, the outermost first.
pub(super) fn read(text: &str) -> Vec<Part> {
    let text = text.trim_start_matches('\u{feff}');
    let lines: Vec<&str> = text.lines().collect();
    let skip = lines.iter().take_while(|line| line.trim().is_empty()).count();
    let lines = lines.get(skip..).unwrap_or_default();
    match mail::headers(lines) {
        Some((headers, used)) => {
            let body = mail::body(&headers, lines.get(used..).unwrap_or_default());
            let mut first = Part::default();
            first.take_headers(&headers);
            split(first, &body.lines().collect::<Vec<_>>(), is_forward(&headers))
        }
        None => split(Part::default(), lines, false),
    }
}

fn is_forward(headers: &[Header]) -> bool {
    headers.iter().filter(|header| header.field == Field::Subject).any(|header| {
        let subject = header.value.to_lowercase();
        [
            "fwd:",
            "fw:",
            "wg:",
            "tr:",
            "rv:",
            "i:",
            "pd:",
            "vs:",
            "vb:",
            "转发",
            "轉寄",
            "fs:",
            "ilt:",
            "továbbítás:",
            "enc:",
        ]
        .iter()
        .any(|mark| subject.starts_with(mark))
    })
}

impl Part {
    fn take_headers(&mut self, headers: &[Header]) {
        for header in headers {
            match header.field {
                Field::From if self.from == Mailbox::default() => self.from = mail::mailbox(&header.value),
                Field::ReplyTo => self.reply_to.extend(mail::all_addresses(&header.value)),
                Field::To => self.to.extend(mail::all_addresses(&header.value)),
                _ => {}
            }
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
    let mut at = 0;
    let mut forwarding = false;
    while let Some(line) = lines.get(at).filter(|_| at < MOST_LINES) {
        let (depth, bare) = unquote(line);
        if depth > 0 {
            // A forwarded message may be quoted as a whole.
            quoted.lines.push(bare.to_owned());
            at += 1;
            continue;
        }
        if let Some(marker) = Marker::of(line) {
            forwarding = marker == Marker::Forwarded || (forwarding && marker == Marker::Original);
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
            parts.push(part);
            at += used;
            continue;
        }
        if let Some((from, used)) = attribution(lines, at) {
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
    if !quoted.lines.is_empty() {
        quoted.forwarded = forward && parts.len() == 1;
        parts.push(quoted);
    }
    parts
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

const FORWARDED: &[&str] = &[
    "forwarded message",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten",
    "message transféré",
    "début du message",
    "mensaje reenviado",
    "inicio del mensaje",
    "messaggio inoltrato",
    "inizio messaggio",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "начало переадрес",
    "przekazana wiadomość",
    "wiadomość przesłana",
    "doorgestuurd bericht",
    "vidarebefordrat meddelande",
    "videresendt",
    "mensagem encaminhada",
    "転送",
    "转发的邮件",
    "전달된 메시지",
    "välitetty viesti",
    "iletilen",
    "přeposlaná zpráva",
    "továbbított üzenet",
    "رسالة محولة",
    "mensagem reencaminhada",
    "vidarebefordrat",
    "doorgestuurd",
];
const ORIGINAL: &[&str] = &[
    "original message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "message d'origine",
    "message d’origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "исходное сообщение",
    "оригинальное сообщение",
    "wiadomość oryginalna",
    "oorspronkelijk bericht",
    "ursprungligt meddelande",
    "opprinnelig melding",
    "oprindelig meddelelse",
    "mensagem original",
    "元のメッセージ",
    "原始邮件",
    "原始郵件",
    "원본 메시지",
    "alkuperäinen viesti",
    "orijinal ileti",
    "původní zpráva",
    "eredeti üzenet",
    "original appointment",
];

impl Marker {
    fn of(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.len() > 140 || !(line.starts_with(['-', '_', '*', '=']) || line.ends_with(':') || line.ends_with('：'))
        {
            return None;
        }
        let lower = line.to_lowercase();
        if FORWARDED.iter().any(|words| lower.contains(words)) {
            return Some(Self::Forwarded);
        }
        ORIGINAL.iter().any(|words| lower.contains(words)).then_some(Self::Original)
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

const VERBS: &[&str] = &[
    "wrote",
    "schrieb",
    "a écrit",
    "escribió",
    "ha scritto",
    "пишет",
    "написал",
    "писал",
    "schreef",
    "geschreven",
    "pisze",
    "napisał",
    "skrev",
    "escreveu",
    "kirjoitti",
    "yazdı",
    "şunu yazdı",
    "napsal",
    "írta",
    "a scris",
    "έγραψε",
    "のメッセージ",
    "書きました",
    "写道",
    "寫道",
    "작성",
    "كتب",
    "написав",
    "пише",
    "viết",
    "menulis",
];

/// `On … wrote:` in many languages, over up to three lines: whom it quotes and
/// how many lines it takes.
fn attribution(lines: &[&str], at: usize) -> Option<(Mailbox, usize)> {
    let first = lines.get(at)?.trim();
    if first.is_empty() || first.len() > 300 {
        return None;
    }
    let mut joined = String::new();
    for used in 1..=3 {
        let line = lines.get(at + used - 1)?.trim();
        if line.is_empty() {
            return None;
        }
        joined.push_str(line);
        joined.push(' ');
        let text = joined.trim_end();
        if text.len() > 400 {
            return None;
        }
        if text.ends_with([':', '：']) {
            let lower = text.to_lowercase();
            let says = VERBS.iter().any(|verb| lower.contains(verb));
            let dated = lower.chars().any(|c| c.is_ascii_digit()) || lower.contains('@');
            if !(says && dated) {
                return None;
            }
            let address = crate::facts::emails::scan::addresses(text).into_iter().next().unwrap_or_default();
            return Some((Mailbox { name: String::new(), address }, used));
        }
    }
    None
}
