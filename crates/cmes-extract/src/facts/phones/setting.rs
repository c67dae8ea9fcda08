//! Where on a site a line stands: what its page is for, and whether the block
//! around it speaks of the company or of somebody else (customers, partners,
//! the agency that made the site, authorities).

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::setting_words::{
    CAPITAL_FORMS, CAREERS, CONTACT, FOREIGN_CLASSES, FOREIGN_INLINE, FORMS, IMPRINT, NEWS, PRIVACY, TEAM,
};
use crate::page::{Line, Page, Region};
use crate::words::{Lists, list};

/// What a page is for, as far as contact data care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The home page.
    Home,
    /// Imprint, legal notice, company profile table.
    Imprint,
    /// Contact page.
    Contact,
    /// Team, management, about.
    Team,
    /// Open positions.
    Careers,
    /// Privacy and terms.
    Privacy,
    /// News, blog, references: other people's names and numbers are common.
    News,
    /// Any other.
    Other,
}

/// What a page is for, by its address, then by its title and first heading.
pub(crate) fn kind(page: &Page) -> Kind {
    let path = percent_encoding::percent_decode_str(page.url.path()).decode_utf8_lossy().to_lowercase();
    let bare = path.trim_matches('/');
    if bare.is_empty() || matches!(bare, "index.html" | "index.php" | "index.htm" | "home") || is_language(bare) {
        return Kind::Home;
    }
    if let Some(kind) = by_words(&path) {
        return kind;
    }
    let heading = page.lines.iter().find(|line| line.heading == 1).map_or("", |line| line.text.as_str());
    let title = page.title.split(['|', '–', '—']).next().unwrap_or_default();
    by_words(&heading.to_lowercase()).or_else(|| by_words(&title.to_lowercase())).unwrap_or(Kind::Other)
}

/// Whether a heading announces how the company is reached.
pub(super) fn is_contact(heading: &str) -> bool {
    heading.len() <= 60 && by_words(&heading.to_lowercase()) == Some(Kind::Contact)
}

fn is_language(path: &str) -> bool {
    path.len() == 2 || (path.len() == 5 && path.as_bytes().get(2).is_some_and(|b| matches!(b, b'-' | b'_')))
}

fn by_words(text: &str) -> Option<Kind> {
    KINDS.first(crate::page::prefix(text, 300), |_| true)
}

static KINDS: LazyLock<Lists<Kind>> = LazyLock::new(|| {
    Lists::new([
        (Kind::Privacy, PRIVACY),
        (Kind::Imprint, IMPRINT),
        (Kind::Contact, CONTACT),
        (Kind::Careers, CAREERS),
        (Kind::News, NEWS),
        (Kind::Team, TEAM),
    ])
});

/// For each line of a page, whether it stands in a block about somebody else.
pub(crate) fn foreign(page: &Page) -> Vec<bool> {
    let by_class = foreign_elements(page);
    let mut out: Vec<bool> = Vec::with_capacity(page.lines.len());
    let mut block = Block::Own;
    for (at, line) in page.lines.iter().enumerate() {
        block = block.next(page, at, line);
        let class = by_class.get(line.element as usize).copied().unwrap_or(false);
        out.push(class || block != Block::Own);
    }
    out
}

/// Elements within a block whose class says that it is about somebody else.
/// Parents come before their children, so one pass will do.
fn foreign_elements(page: &Page) -> Vec<bool> {
    let mut out: Vec<bool> = Vec::with_capacity(page.elements.len());
    for (at, element) in page.elements.iter().enumerate() {
        let inherited = (element.parent as usize) < at && out.get(element.parent as usize).copied().unwrap_or(false);
        let own = element.name == "blockquote"
            || (!matches!(element.name, "body" | "html" | "main")
                && [&element.class, &element.id].into_iter().any(|words| is_foreign_class(words)));
        out.push(inherited || own);
    }
    out
}

/// Whether a class says so. `ansprechpartner`, `preview`, `authorized` and
/// forms that ask for a quote are the company's own.
fn is_foreign_class(words: &str) -> bool {
    !words.is_empty()
        && !words.contains("contact")
        && CLASSES.find_iter(words).any(|found| {
            let before = words.get(..found.start()).unwrap_or_default();
            let after = words.get(found.end()..).unwrap_or_default();
            match words.get(found.range()).unwrap_or_default() {
                "partner" => !before.ends_with("ansprech") && !before.ends_with("kontakt"),
                "review" => !before.ends_with('p'),
                "author" => !after.starts_with('i'),
                "quote" => !["form", "request", "get-", "btn", "button", "cta"].iter().any(|own| words.contains(own)),
                _ => true,
            }
        })
}

/// The block being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    /// About the company.
    Own,
    /// Below a heading about somebody else, of this level.
    Section(u8),
    /// In a paragraph about somebody else.
    Paragraph(u32),
    /// After a short line that announces somebody else: the next paragraph.
    Announced(u32),
}

impl Block {
    fn next(self, page: &Page, at: usize, line: &Line) -> Self {
        let starts = announces(line);
        if line.heading > 0 {
            return match (starts, self) {
                (true, _) => Self::Section(line.heading),
                (false, Self::Section(level)) if line.heading > level => self,
                _ => Self::Own,
            };
        }
        if starts {
            let alone = page.lines.get(at + 1).is_none_or(|next| next.element != line.element);
            let before = at.checked_sub(1).and_then(|i| page.lines.get(i)).is_some_and(|l| l.element == line.element);
            let short = line.text.chars().count() <= 60;
            return match self {
                Self::Section(_) => self,
                _ if alone && !before && short => Self::Announced(line.element),
                _ => Self::Paragraph(line.element),
            };
        }
        match self {
            Self::Paragraph(element) if element != line.element => Self::Own,
            Self::Announced(element) if element != line.element => Self::Paragraph(line.element),
            Self::Section(_) if line.region == Region::Footer && !in_footer_before(page, at) => Self::Own,
            other => other,
        }
    }
}

fn in_footer_before(page: &Page, at: usize) -> bool {
    at.checked_sub(1).and_then(|i| page.lines.get(i)).is_some_and(|line| line.region == Region::Footer)
}

/// Where words that announce somebody else count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Everywhere,
    InFooters,
    AsHeads,
}

static ANNOUNCERS: LazyLock<Lists<Counts>> = LazyLock::new(|| {
    Lists::new([
        (Counts::Everywhere, list(include_str!("foreign.txt"))),
        (Counts::InFooters, list(include_str!("credits.txt"))),
        (Counts::AsHeads, list(include_str!("foreign_heads.txt"))),
    ])
});

/// All of [`FOREIGN_CLASSES`].
static CLASSES: LazyLock<AhoCorasick> = LazyLock::new(|| crate::words::finder(FOREIGN_CLASSES));

/// Whether a line says that somebody else is spoken of. In headings the words
/// may stand anywhere, in text only at the beginning or in a short line.
fn announces(line: &Line) -> bool {
    let head = crate::page::prefix(&line.text, 90).to_lowercase();
    let short = line.text.len() <= 90;
    let counts = |when: Counts, end: usize| match when {
        Counts::Everywhere => true,
        Counts::InFooters => line.region == Region::Footer,
        Counts::AsHeads => {
            line.heading > 0 || head.get(end..).is_some_and(|rest| rest.trim_start().starts_with([':', '：']))
        }
    };
    ANNOUNCERS
        .all(&head)
        .any(|(when, word)| counts(when, word.end) && (word.start == 0 || (short && starts_word(&head, word.start))))
}

pub(super) fn starts_word(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|c| !c.is_alphabetic() || c > '\u{2e80}')
}

/// Whether the words before a value say that it is somebody else's:
/// `Hosting: Example AG, Street 1, 0123/4567`.
pub(crate) fn is_foreign_before(text: &str) -> bool {
    let start = text.ceil_char_boundary(text.len().saturating_sub(160));
    let tail = text.get(start..).unwrap_or_default().to_lowercase();
    FOREIGN_INLINE.iter().any(|word| {
        tail.rfind(word).is_some_and(|at| {
            let after = tail.get(at + word.len()..).unwrap_or_default();
            let Some((words, rest)) = after.split_once([':', '：']) else { return false };
            // What follows the colon is a name, not a number right away.
            let named =
                rest.chars().filter(|c| c.is_alphabetic()).count() >= 12 || rest.chars().any(|c| c > '\u{2e80}');
            let ends =
                words.chars().next().is_none_or(|c| !c.is_alphanumeric()) || word.chars().any(|c| c > '\u{2e80}');
            starts_word(&tail, at) && ends && words.chars().count() <= 20 && !words.contains(['.', ',']) && named
        })
    })
}

/// Whether the words before a value in a footer name who made or hosts the site:
/// `Created by Example Web & Social – 347 990 9441`.
pub(super) fn is_credited(before: &str, brand: &str) -> bool {
    let start = before.ceil_char_boundary(before.len().saturating_sub(120));
    let tail = before.get(start..).unwrap_or_default().to_lowercase();
    ANNOUNCERS.all(&tail).any(|(when, word)| {
        when != Counts::AsHeads
            && starts_word(&tail, word.start)
            && !mentions(tail.get(word.end..).unwrap_or_default(), brand)
    })
}

/// Whether running text names another company before a value: a legal form
/// stands there, and nothing of the site's own name (`brand`).
pub(crate) fn names_another(text: &str, brand: &str) -> bool {
    let start = text.ceil_char_boundary(text.len().saturating_sub(200));
    let written = text.get(start..).unwrap_or_default();
    let form = written.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')).any(|word| {
        let word = word.trim_end_matches('.');
        FORMS.contains(&word.to_lowercase().as_str()) || CAPITAL_FORMS.contains(&word)
    });
    if !form {
        return false;
    }
    let tail = written.to_lowercase();
    !mentions(&tail, brand)
}

/// Whether a text in lower case holds a part of the site's own name.
pub(crate) fn mentions(tail: &str, brand: &str) -> bool {
    let folded: String = tail.chars().filter(|c| c.is_alphanumeric()).collect();
    let plain: String = crate::facts::people::matching::key(tail).chars().filter(|c| c.is_alphanumeric()).collect();
    let joined = brand.replace('-', "");
    brand.split('-').filter(|part| part.len() >= 3).any(|part| folded.contains(part) || plain.contains(part))
        || plain.chars().collect::<Vec<_>>().windows(6).any(|six| joined.contains(&six.iter().collect::<String>()))
}

/// The heading above each line, as an index of its line.
pub(crate) fn headings(page: &Page) -> Vec<Option<u32>> {
    let mut current = None;
    let mut out = Vec::with_capacity(page.lines.len());
    for (at, line) in (0u32..).zip(&page.lines) {
        if line.heading > 0 {
            current = Some(at);
        }
        out.push(current);
    }
    out
}
