//! Job titles in many languages, recognised by the words in them.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::words::Edges;

struct Words {
    exact: HashSet<&'static str>,
    starts: Edges<()>,
    ends: Edges<()>,
    anywhere: AhoCorasick,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let (mut exact, mut starts, mut ends, mut anywhere) = (HashSet::new(), Vec::new(), Vec::new(), Vec::new());
    let lines = include_str!("../../../data/job_titles.txt").lines().filter(|line| !line.starts_with('#'));
    for word in lines.flat_map(str::split_whitespace) {
        match (word.strip_prefix('*'), word.strip_suffix('*')) {
            (Some(end), _) => {
                ends.push((end.to_owned(), ()));
                exact.insert(end);
            }
            (None, Some(start)) => starts.push((start.to_owned(), ())),
            (None, None) if word.chars().any(is_unspaced) => anywhere.push(word),
            (None, None) => {
                exact.insert(word);
            }
        }
    }
    let anywhere = AhoCorasick::new(anywhere).expect("a list of a few hundred words");
    Words { exact, starts: Edges::beginnings(starts), ends: Edges::endings(ends), anywhere }
});

/// Letters of scripts that put no blank between words.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Whether a word belongs to job titles. `lower` is in lower case.
pub(crate) fn is_word(lower: &str) -> bool {
    let lower = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let bare = lower.strip_suffix(":in").or_else(|| lower.strip_suffix("*in")).unwrap_or(lower);
    let bare = bare.split('/').next().unwrap_or(bare);
    if bare.is_empty() {
        return false;
    }
    if WORDS.exact.contains(bare) {
        return true;
    }
    if bare.chars().any(is_unspaced) {
        return WORDS.anywhere.is_match(bare);
    }
    if bare.len() > 60 {
        return false;
    }
    WORDS.starts.beginning(bare).is_some()
        || WORDS.ends.ending(bare).is_some()
        || bare.split('-').count() > 1 && bare.split('-').any(|part| part.len() > 3 && WORDS.exact.contains(part))
}

/// Words before a name that say that the person acts for the company, without
/// being a job.
const REPRESENTS: &[&str] = &[
    "vertreten durch",
    "gesetzlich vertreten",
    "vertretungsberechtigt",
    "vertretungsberechtigte",
    "represented by",
    "représentée par",
    "représenté par",
    "representada por",
    "representado por",
    "rappresentata da",
    "rappresentante legale",
    "reprezentowana przez",
    "verantwortlich",
    "inhaltlich verantwortlich",
    "v.i.s.d.p",
    "responsible for content",
    "responsible for the content",
    "vertegenwoordigd door",
    "в лице",
    "в особі",
    "zastoupen",
    "zastúpen",
    "képviseli",
    "representantlegal",
    "ansprechpartner",
    "ihr ansprechpartner",
    "contact person",
    "contactpersoon",
    "persona de contacto",
    "persona di contatto",
    "osoba kontaktowa",
    "контактное лицо",
    "kontaktperson",
    "yhteyshenkilö",
    "担当",
    "联系人",
    "聯絡人",
    "담당자",
    "representante legal",
    "kontaktní osoba",
    "kontaktná osoba",
    "kapcsolattart",
    "persoană de contact",
    "kontakt osoba",
    "kontaktna oseba",
    "контактна особа",
    "лице за контакт",
    "pessoa de contacto",
    "聯絡窗口",
    "联络人",
    "איש קשר",
    "مسؤول الاتصال",
    "yetkili kişi",
    "kontaktisik",
    "νόμιμος εκπρόσωπος",
    "zastupa",
    "zastopa",
    "представлява",
    "reprezentată de",
    "reprezentata de",
    "repræsenteret af",
    "representert av",
    "företräds av",
    "người đại diện",
    "đại diện pháp luật",
    "người liên hệ",
];

/// Whether a text introduces the person to turn to, whose number and address
/// follow as a rule.
pub(crate) fn introduces(text: &str) -> bool {
    const INTRODUCES: &[&str] = &[
        "ansprechpartner",
        "ihr ansprechpartner",
        "ihre ansprechpartner",
        "kontaktperson",
        "contact person",
        "contact:",
        "contactpersoon",
        "persona de contacto",
        "persona di contatto",
        "pessoa de contacto",
        "interlocut",
        "osoba kontaktowa",
        "kontaktní osoba",
        "kontaktná osoba",
        "kapcsolattart",
        "persoană de contact",
        "kontakt osoba",
        "kontaktna oseba",
        "контактное лицо",
        "контактна особа",
        "лице за контакт",
        "υπεύθυνος επικοινωνίας",
        "yetkili",
        "yhteyshenkilö",
        "kontaktisik",
        "担当",
        "联系人",
        "聯絡人",
        "联络人",
        "담당자",
        "איש קשר",
        "أشخاص الاتصال",
        "مسؤول الاتصال",
    ];
    let lower = crate::page::prefix(text.trim(), 60).to_lowercase();
    INTRODUCES.iter().any(|words| lower.starts_with(words))
}

/// Whether a text names the one who represents the company, not a job.
pub(crate) fn represents(text: &str) -> bool {
    // No entry is longer.
    let lower = crate::page::prefix(text.trim(), 80).to_lowercase();
    REPRESENTING.beginning(&lower).is_some()
}

static REPRESENTING: LazyLock<Edges<()>> =
    LazyLock::new(|| Edges::beginnings(REPRESENTS.iter().map(|words| ((*words).to_owned(), ()))));

/// Words that a job title does not hold, however short the text.
const NOT_TITLES: &[&str] = &[
    "we",
    "our",
    "your",
    "you",
    "wir",
    "unser",
    "unsere",
    "unserer",
    "ihr",
    "ihre",
    "ihren",
    "notre",
    "nos",
    "votre",
    "vos",
    "nuestro",
    "nuestra",
    "is",
    "are",
    "ist",
    "sind",
    "est",
    "sont",
    "es",
    "son",
    "il",
    "was",
    "has",
    "have",
    "will",
    "can",
    "haben",
    "hat",
    "for you",
    "click",
    "read",
    "more",
    "mehr",
    "learn",
    "contact",
    "kontakt",
    "meet",
    "about",
    "über",
    "call",
    "find",
    "get",
    "book",
    "why",
    "how",
    "what",
    "who",
    "wer",
    "wie",
    "was",
    "mail",
    "e-mail",
    "email",
    "telefon",
    "phone",
    "tel",
    "fax",
    "gmbh",
    "ltd",
    "inc",
    "llc",
    "s.l",
    "s.r.l",
    "s.a",
    "ag",
    "oy",
    "ab",
    "sp",
    "наш",
    "наши",
    "мы",
    "we're",
    "apply",
    "bewerben",
    "gesucht",
    "m/w/d",
    "w/m/d",
    "h/f",
    "f/m/d",
    "(m/w/d)",
    "(h/f)",
    "vacancy",
    "jobs",
    "stelle",
    "careers",
    "download",
    "products",
    "solutions",
    "lösungen",
];

/// Marks of a text that offers a job.
static VACANCY: LazyLock<AhoCorasick> = LazyLock::new(|| {
    crate::words::finder(&[
        "m/w/d",
        "w/m/d",
        "m/f/d",
        "f/m/d",
        "m/w/x",
        "d/m/w",
        "(h/f)",
        "(m/f)",
        "(f/m)",
        "(f/h)",
        "m/k",
        "(m/v)",
        "hiring",
        "we are looking",
        "gesucht",
        "wir suchen",
        "vacanc",
        "recrutons",
        "buscamos",
        "cerchiamo",
        "poszukuj",
        "ищем",
        "требуется",
        "we seek",
        "we zoeken",
        "söker",
        "招聘",
        "募集",
        "모집",
        "نبحث عن",
        "مطلوب",
        "وظائف شاغرة",
        "דרוש",
        "keresünk",
        "munkatársat",
        "hledáme",
        "hľadáme",
        "zatrudnimy",
        "angajăm",
        "търсим",
        "шукаємо",
        "потрібен",
        "ζητείται",
        "ζητούνται",
        "aranıyor",
        "arıyoruz",
        "haemme",
        "etsimme",
        "søger vi",
        "vi søger",
        "vi söker",
        "søkes",
        "procuramos",
        "contratamos",
        "tražimo",
        "iščemo",
        "诚聘",
        "誠聘",
        "求人",
    ])
});

/// Whether a text offers a job rather than naming who does it.
pub(crate) fn is_vacancy(text: &str) -> bool {
    VACANCY.is_match(&text.to_lowercase())
}

/// Whether any word of a text belongs to job titles: a quick look before a
/// slower one.
pub(crate) fn has_word(text: &str) -> bool {
    words(&text.to_lowercase()).any(is_word)
}

/// The words of a title.
fn words(lower: &str) -> impl Iterator<Item = &str> {
    lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '&' | '|')).filter(|word| !word.is_empty())
}

/// The title at the beginning of a line that goes on with contact data.
pub(crate) fn leading(text: &str) -> Option<&str> {
    let end = text.char_indices().find(|(at, c)| {
        matches!(c, ',' | '|' | '·' | '•' | ';' | '(' | '，' | '（')
            || matches!(c, '–' | '-' | '—') && text.get(..*at).is_some_and(|head| head.ends_with(' '))
    });
    let (head, rest) = text.split_at_checked(end?.0)?;
    let contact = rest.contains('@') || rest.chars().filter(char::is_ascii_digit).count() >= 5;
    (contact && is_title(head)).then_some(head)
}

/// Whether a short text holds words that a job title does not.
pub(crate) fn is_other(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = words(&lower).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.any(|word| NOT_TITLES.contains(&word))
}

/// Whether a sentence ends within a text: after a word that is no abbreviation.
fn has_sentence(text: &str) -> bool {
    text.match_indices(". ").any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        before.chars().rev().take_while(|c| c.is_alphabetic()).count() > 5
    })
}

/// Whether quotation marks stand in a text other than within Hebrew abbreviations (`מנכ"ל`).
fn has_quotes(text: &str) -> bool {
    let is_hebrew = |c: char| matches!(c, '\u{5d0}'..='\u{5ea}');
    text.match_indices('"').any(|(at, mark)| {
        let before = text.get(..at).is_some_and(|before| before.ends_with(is_hebrew));
        let after = text.get(at + mark.len()..).is_some_and(|after| after.starts_with(is_hebrew));
        !(before && after)
    })
}

/// Whether a short text is a job title.
pub(crate) fn is_title(text: &str) -> bool {
    let text = text
        .trim()
        .trim_matches(|c: char| matches!(c, ':' | ',' | '–' | '-' | '|' | '·' | '(' | ')' | '：' | '（' | '）'));
    let chars = text.chars().count();
    if !(2..=90).contains(&chars)
        || text.contains(['?', '!', '@', '“', '„', '»'])
        || has_quotes(text)
        || has_sentence(text)
        || text.ends_with('.') && chars > 30
    {
        return false;
    }
    if text.chars().filter(char::is_ascii_digit).count() > 2 {
        return false;
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = words(&lower).collect();
    if words.len() > 11 {
        return false;
    }
    let bare = |word: &&str| NOT_TITLES.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.iter().any(|word| is_word(word)) && !words.iter().any(bare) && !is_vacancy(text)
}
