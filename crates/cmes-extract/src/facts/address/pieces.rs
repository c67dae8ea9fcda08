//! A page's text cut into the pieces of which addresses are made.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::page::{Page, Region};
use crate::words::Lists;

/// What ends a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A comma.
    Comma,
    /// A slash between blanks.
    Slash,
    /// A bar, a dot in the middle, a dash between blanks.
    Bar,
    /// A colon: the piece is a label of the next.
    Colon,
    /// A full stop.
    Stop,
    /// The line.
    Line,
}

/// Part of a line.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    pub text: Cow<'a, str>,
    /// Index of its line in the page.
    pub line: u32,
    pub end: End,
}

/// Longest line that is cut: an address is no longer, prose may be.
const LONGEST_LINE: usize = 4_000;

/// Most pieces of one page.
const MOST: usize = 30_000;

/// The pieces of a page, in order.
pub(super) fn cut(page: &Page) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for (index, line) in page.lines.iter().enumerate() {
        if pieces.len() > MOST {
            break;
        }
        if line.region == Region::Overlay || line.text.len() > LONGEST_LINE {
            continue;
        }
        let line_index = u32::try_from(index).unwrap_or(u32::MAX);
        cut_line(&line.text, line_index, &mut pieces);
    }
    pieces
}

/// Cuts one line.
pub(super) fn cut_line<'a>(text: &'a str, line: u32, pieces: &mut Vec<Piece<'a>>) {
    let first = pieces.len();
    let mut start = 0;
    let mut previous = ' ';
    let mut depth = 0_u32;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(end) = boundary(&text[start..at], previous, c, next) {
            push(&text[start..at], line, end, pieces);
            start = at + c.len_utf8();
        } else if c == '〒' && !text[start..at].trim().is_empty() {
            push(&text[start..at], line, End::Bar, pieces);
            start = at;
        }
        previous = c;
    }
    push(&text[start..], line, End::Line, pieces);
    // Whatever ended it, the last piece of a line ends with the line.
    if pieces.len() > first
        && let Some(last) = pieces.last_mut()
        && last.end != End::Colon
    {
        last.end = End::Line;
    }
}

/// Whether the character `c` ends the piece gathered so far, and how.
fn boundary(piece: &str, previous: char, c: char, next: char) -> Option<End> {
    match c {
        ',' if previous.is_ascii_digit() && next.is_ascii_digit() => None,
        ',' | '，' | '،' | ';' | '；' | '、' => Some(End::Comma),
        '|' | '·' | '•' | '∙' | '●' | '│' | '｜' | '›' | '»' | '→' | '■' | '▪' | '◆' | '◇' | '★' | '☎' | '✆' | '♦'
        | '⋅' | '※' | '\u{1f4cd}' | '\u{1f4de}' | '\u{b7}' | '\u{30fb}'
            if c != '・' =>
        {
            Some(End::Bar)
        }
        '-' | '–' | '—' | '~' if previous == ' ' && next == ' ' => Some(End::Bar),
        '/' if previous == ' ' && next == ' ' => Some(End::Slash),
        ':' | '：' if next != '/' && !(previous.is_ascii_digit() && next.is_ascii_digit()) => {
            (!is_number_mark(piece)).then_some(End::Colon)
        }
        '。' => Some(End::Stop),
        '.' if next == ' ' && ends_sentence(piece) => Some(End::Stop),
        _ => None,
    }
}

/// `No: 14`, `CEP: 01310-100`: the colon belongs to the number.
fn is_number_mark(piece: &str) -> bool {
    const MARKS: &[&str] = &[
        "no",
        "nr",
        "n",
        "kat",
        "d",
        "daire",
        "cep",
        "pin",
        "zip",
        "cp",
        "c.p",
        "plz",
        "cap",
        "邮编",
        "邮政编码",
        "邮政邮编",
        "우편번호",
        "индекс",
        "p.o. box",
        "po box",
        "box",
        "postcode",
        "code",
        "т.к",
        "τ.κ",
        "тк",
        "τκ",
        "郵便番号",
        "郵遞區號",
    ];
    let tail = piece.rsplit([' ', '　']).next().unwrap_or_default().trim_end_matches('.').to_lowercase();
    MARKS.contains(&tail.as_str())
}

/// Whether a dot after this text ends a sentence, not an abbreviation.
fn ends_sentence(piece: &str) -> bool {
    const ABBREVIATIONS: &[&str] = &[
        "gral",
        "blvd",
        "avda",
        "pass",
        "dept",
        "bldg",
        "boul",
        "prof",
        "prov",
        "тел",
        "корп",
        "просп",
        "urb",
        "polig",
        "caddesi",
        "bulv",
        "leof",
        "λεωφ",
        "rond",
        "zone",
        "cedex",
        "izda",
        "помещ",
        "комн",
        "dcha",
        "izqda",
    ];
    let word = piece.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let lower = word.to_lowercase();
    let count = word.chars().count();
    count >= 4 && !lower.ends_with("str") && !lower.ends_with("strasse.") && !ABBREVIATIONS.contains(&lower.as_str())
}

fn push<'a>(text: &'a str, line: u32, end: End, pieces: &mut Vec<Piece<'a>>) {
    // What a bracket opens without closing begins a piece of its own.
    if let Some(at) = text.rfind(['(', '（']).filter(|at| !text.get(*at..).unwrap_or_default().contains([')', '）']))
    {
        let inner = at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if !text.get(..at).unwrap_or_default().trim().is_empty()
            && !text.get(inner..).unwrap_or_default().trim().is_empty()
        {
            push_part(text.get(..inner).unwrap_or_default(), line, End::Bar, pieces);
            push_part(text.get(inner..).unwrap_or_default(), line, end, pieces);
            return;
        }
    }
    match lead_in(text) {
        Some(at) => {
            push_part(text.get(..at).unwrap_or_default(), line, End::Stop, pieces);
            push_part(text.get(at..).unwrap_or_default(), line, end, pieces);
        }
        None => push_part(text, line, end, pieces),
    }
}

/// Words after which a sentence comes to its address.
const LEAD_INS: &[&str] = &[
    " domicilio en ",
    " domicilio social en ",
    " domiciliada en ",
    " sito en ",
    " sita en ",
    " con sede en ",
    " con sede in ",
    " sede legale in ",
    " siège social est situé ",
    " siège social est sis ",
    " est situé au ",
    " située au ",
    " situé au ",
    " dont le siège social est au ",
    " mit sitz in der ",
    " office is at ",
    " office at ",
    " offices at ",
    " located at ",
    " based at ",
    " address is ",
    " residing at ",
    " registered at ",
    " situated at ",
    " z siedzibą przy ",
    " com sede na ",
    " com sede em ",
    " gevestigd aan de ",
    " gevestigd aan het ",
    " gevestigd te ",
    " kantoorhoudende te ",
    " kantoorhoudend aan de ",
    " adresse est ",
    " domicilio fiscal en ",
    " ubicada en ",
    " ubicado en ",
    " situada en ",
    " situada na ",
    " estabelecida na ",
    " localizada na ",
    " sise au ",
    " sis au ",
    " se sídlem ",
    " so sídlom ",
    " cu sediul în ",
    " med adresse ",
    " med adress ",
];

static LEAD_IN: LazyLock<Lists<()>> = LazyLock::new(|| Lists::new([((), LEAD_INS)]));

/// Where the address begins in a sentence that leads to it.
fn lead_in(text: &str) -> Option<usize> {
    if text.len() < 20 || text.len() > 400 {
        return None;
    }
    // Only ASCII changes its case, so that places stay the same but for the blank
    // in front: the words may begin the piece.
    let mut lower = String::with_capacity(text.len() + 1);
    lower.push(' ');
    lower.push_str(text);
    lower.make_ascii_lowercase();
    LEAD_IN.all(&lower).map(|((), words)| words.end - 1).max()
}

fn push_part<'a>(text: &'a str, line: u32, end: End, pieces: &mut Vec<Piece<'a>>) {
    let trimmed =
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '*' | '"' | '„' | '“' | '”'));
    if trimmed.is_empty() {
        // Two ends in a row: the stronger one counts.
        if let Some(last) = pieces.last_mut()
            && last.line == line
            && last.end == End::Comma
        {
            last.end = end;
        }
        return;
    }
    pieces.push(Piece { text: narrow(trimmed), line, end });
}

/// Full-width digits, letters and hyphens in their ordinary form; long marks
/// and minus signs between digits as hyphens.
pub(super) fn narrow(text: &str) -> Cow<'_, str> {
    let wide = |c: char| matches!(c, '\u{ff01}'..='\u{ff5e}' | '−' | '‐' | '‑' | '―' | '—' | 'ー');
    if !text.contains(wide) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let after_digit = out.ends_with(|c: char| c.is_ascii_digit());
        out.push(match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '−' | '‐' | '‑' => '-',
            '―' | '—' | 'ー' if after_digit => '-',
            c => c,
        });
    }
    Cow::Owned(out)
}
