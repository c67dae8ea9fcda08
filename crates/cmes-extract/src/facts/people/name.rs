//! Whether words are a person's name.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::titles;

mod scripts;

use scripts::{is_caseless, titled};

/// Forms of address, which are left out of the name.
const ADDRESSES: &[&str] = &[
    "herr",
    "herrn",
    "frau",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "monsieur",
    "madame",
    "mme",
    "mlle",
    "sr",
    "sra",
    "srta",
    "señor",
    "señora",
    "don",
    "doña",
    "dña",
    "d",
    "dª",
    "pan",
    "pani",
    "pana",
    "sig",
    "sig.ra",
    "signor",
    "signora",
    "dhr",
    "mevr",
    "mw",
    "hr",
    "fr",
    "fru",
    "bay",
    "bayan",
    "г-н",
    "г-жа",
    "господин",
    "السيد",
    "السيدة",
    "heer",
    "mevrouw",
    "m",
    "ông",
    "bà",
    "anh",
    "chị",
    "shri",
    "smt",
    "kum",
    "bapak",
    "ibu",
    "härra",
    "proua",
    "κος",
    "κα",
    "κ",
    "господа",
    "пан",
    "пані",
    "gospodin",
    "gospođa",
    "gospa",
    "dl",
    "dna",
    "úr",
    "ponas",
    "ponia",
];
/// Titles that stay a part of the name, as the site writes it.
const ACADEMIC: &[&str] = &[
    "dr",
    "prof",
    "professor",
    "dipl",
    "dipl.-ing",
    "dipl.-kfm",
    "dipl.-kffr",
    "dipl.-inf",
    "dipl.-wirtsch.-ing",
    "dipl.-betriebsw",
    "ing",
    "mag",
    "mgr",
    "bc",
    "judr",
    "mudr",
    "phdr",
    "rndr",
    "avv",
    "avv.to",
    "dott",
    "dott.ssa",
    "dottssa",
    "arch",
    "geom",
    "rag",
    "ir",
    "drs",
    "mr.dr",
    "med",
    "habil",
    "jur",
    "phil",
    "nat",
    "rer",
    "h.c",
    "hc",
    "inż",
    "sir",
    "lic",
    "dra",
    "eng",
    "mba",
    "msc",
    "bsc",
    "ph.d",
    "phd",
    "d.ssa",
    "univ",
    "dkfm",
    "th",
    "c.p",
    "l.c",
    "arq",
    "abg",
    "econ",
    "mtro",
    "mtra",
    "licda",
    "psic",
    "enf",
    "dipl.-päd",
    "pharm",
    "vet",
    "dent",
    "oec",
    "pol",
    "mvdr",
    "mddr",
    "paeddr",
    "pharmdr",
    "thdr",
    "rsdr",
    "doc",
    "akad",
    "hab",
    "inz",
    "mag.a",
    "per",
    "p.i",
    "cand",
    "adv",
    "esq",
    "д.м.н",
    "к.м.н",
    "к.т.н",
    "д.т.н",
    "δρ",
    "adw",
    "r.pr",
    "mec",
    "ths",
    "ts",
    "ks",
    "bs",
    "gs",
    "cpa",
    "ca",
    "adv",
    "drd",
    "öğr",
    "av",
    "doç",
    "uzm",
    "op",
    "yrd",
    "к.э.н",
    "к.ю.н",
    "канд",
    "проф",
    "доц",
    "акад",
    "д-р",
    "καθ",
    "ing.arch",
    "jud",
    "conf",
    "lekt",
    "dipl.ing",
    "dipl.oec",
    "mag.iur",
    "mr.sc",
];
/// What follows a name and belongs to it: the younger, the elder.
const GENERATIONS: &[&str] =
    &["ml", "st", "jun", "sen", "d.ä", "d.j", "mł", "filho", "neto", "hijo", "júnior", "junior", "senior"];
const PARTICLES: &[&str] = &[
    "von", "van", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "do", "du", "la", "le", "les", "zu",
    "zur", "vom", "zum", "ter", "ten", "te", "af", "av", "bin", "ibn", "al", "el", "y", "e", "i", "ben", "bint", "st",
    "'t", "op", "in", "und", "dei", "degli", "lo", "d'", "mac", "ap", "dal", "het",
];
/// Words of which no name consists: company forms, headings, menus, places.
static NOT_NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/not_names.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// The name as it is returned, if the text is one: form of address left out,
/// academic titles kept.
pub(crate) fn read(text: &str) -> Option<String> {
    let text = text
        .trim()
        .trim_matches(|c: char| matches!(c, ':' | ',' | ';' | '–' | '—' | '-' | '|' | '·' | '•' | '：' | '*'));
    let text = text.trim();
    if let Some(name) = titled(text) {
        return name;
    }
    if let Some(plain) = without_nickname(text) {
        return read(&plain).map(|_| text.to_owned());
    }
    if !(2..=70).contains(&text.chars().count())
        || text.contains(['@', '/', '?', '!', '"', '“', '„', '&', '+', '©', ':', '|', '[', '=', '_', '#'])
        || text.contains('(') && !text.split_whitespace().any(is_school)
    {
        return None;
    }
    if text.chars().any(|c| c.is_numeric() && !titles::is_unspaced(c)) {
        return None;
    }
    if text.chars().any(titles::is_unspaced) {
        return match scripts::without_latin(text) {
            Some(own) => scripts::unspaced(&own),
            None => scripts::unspaced(text),
        };
    }
    if text.chars().all(|c| !c.is_alphabetic() || is_caseless(c)) {
        return scripts::caseless(text);
    }
    spaced(text)
}

/// A name without the nickname in its middle: `Ann “Annie” Lee`.
fn without_nickname(text: &str) -> Option<String> {
    let open = text.find(['“', '„', '"', '«'])?;
    let rest = text.get(open..)?;
    let close = rest
        .char_indices()
        .skip(1)
        .find(|(_, c)| matches!(c, '”' | '“' | '"' | '»'))
        .map(|(at, c)| at + c.len_utf8())?;
    let (head, tail) = (text.get(..open)?.trim(), rest.get(close..)?.trim());
    let nick = rest.get(..close)?.trim_matches(['“', '”', '„', '"', '«', '»']);
    let word = nick.chars().all(char::is_alphabetic) && (2..=12).contains(&nick.chars().count());
    let parts = [head, tail].iter().all(|part| !part.is_empty() && !part.contains(['“', '”', '„', '"', '«', '»']));
    (word && parts).then(|| format!("{head} {tail}"))
}

/// Names in scripts with capitals.
fn spaced(text: &str) -> Option<String> {
    let text = text
        .split(", ")
        .enumerate()
        .filter(|(at, part)| *at == 0 || !(is_degree(part) || is_post_nominal(part)))
        .map(|(_, part)| part)
        .collect::<Vec<_>>();
    let [text] = text.as_slice() else { return None };
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let formal = words.first().is_some_and(|word| word.ends_with('.') && is_one_of(word, ADDRESSES));
    while words.len() > if formal { 1 } else { 2 }
        && words.first().is_some_and(|word| is_one_of(word, ADDRESSES) && !is_initial(word, &words))
    {
        words.remove(0);
    }
    // A degree of its own (`M.Sc. Informatik`) is nobody.
    let degree =
        |word: &str| matches!(word, "M.Sc." | "B.Sc." | "M.A." | "B.A." | "B.Eng." | "M.Eng." | "Ph.D." | "LL.M.");
    if words.first().is_some_and(|word| degree(word)) {
        return None;
    }
    let titles = words.iter().take_while(|word| is_academic(word)).count();
    let (titles, mut rest) = words.split_at_checked(titles)?;
    while rest.len() > 2 && rest.last().is_some_and(|word| is_degree(word)) {
        rest = rest.split_last().map_or(rest, |(_, rest)| rest);
    }
    let last = rest.split_last().filter(|(last, rest)| rest.len() > 1 && is_one_of(last, GENERATIONS));
    let (generation, rest) = last.map_or((None, rest), |(last, rest)| (Some(*last), rest));
    let real =
        rest.iter().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1 && is_capital(word)).count();
    let initials = rest.iter().any(|word| is_initials(word));
    // With `Ms.` or `Dr.` a single name is one.
    let needed = if titles.is_empty() && !initials && !formal { 2 } else { 1 };
    let shortest = if titles.is_empty() && !formal { 2 } else { 1 };
    if !(shortest..=5).contains(&rest.len())
        || real < needed
        || !rest.iter().enumerate().all(|(at, word)| is_part(word, at) || at > 0 && is_short_given(rest, word))
    {
        return None;
    }
    if !rest.last().is_some_and(|word| is_capital(word))
        || !rest.first().is_some_and(|word| is_capital(word) || is_one_of(word, PARTICLES))
    {
        return None;
    }
    Some(titles.iter().chain(rest).copied().chain(generation).collect::<Vec<_>>().join(" "))
}

/// Where a German degree was taken: `Dipl.-Ing. (FH)`.
fn is_school(word: &str) -> bool {
    matches!(word, "(FH)" | "(BA)" | "(TU)" | "(TH)" | "(DH)" | "(Univ.)" | "(Uni)" | "(HTL)" | "(FH),")
}

/// Memberships and degrees behind a name, which professions have hundreds of
/// (`FAIA`, `LEED AP`, `Assoc. AIA`): capitals, at least three in a row in one
/// word, because two are states of America (`Santa Fe, NM`).
fn is_post_nominal(part: &str) -> bool {
    let mut words = part.split_whitespace();
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = |word: &str| {
        let word = word.trim_end_matches(['®', '™']);
        (2..=7).contains(&letters(word))
            && word.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '-' | '+'))
            && !NOT_NAMES.contains(word.trim_end_matches('.').to_lowercase().as_str())
            && !titles::is_word(&word.to_lowercase())
    };
    let short = part.split_whitespace().count() <= 3;
    short
        && words.all(|word| capitals(word) || matches!(word, "Assoc." | "Int." | "Intl." | "Hon." | "Cert."))
        && part.split_whitespace().any(|word| letters(word) >= 3 && capitals(word))
}

/// `J.`, `И.И.`: letters, each with a full stop.
fn is_initials(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_uppercase()).count();
    (1..=3).contains(&letters) && word.ends_with('.') && word.chars().count() == letters * 2
}

fn is_initial(word: &str, words: &[&str]) -> bool {
    let letters = word.trim_end_matches('.').chars().count();
    letters == 1 && word.starts_with(char::is_uppercase) && words.len() <= 3 && !matches!(word, "M." | "D.")
}

/// Whether an academic title stands before a name.
pub(crate) fn has_title(name: &str) -> bool {
    name.split_whitespace().next().is_some_and(is_academic)
}

fn is_one_of(word: &str, list: &[&str]) -> bool {
    let bare = word.trim_end_matches(['.', ',']).to_lowercase();
    list.contains(&bare.as_str())
}

fn is_academic(word: &str) -> bool {
    let lower = word.to_lowercase();
    // `Dr.-Ing.`, `Dr.med.dent.`
    let joined = || lower.split(['.', '-']).filter(|part| !part.is_empty()).all(|part| ACADEMIC.contains(&part));
    word.ends_with('.') && (is_one_of(word, ACADEMIC) || joined())
        || word.contains('.') && is_one_of(word, ACADEMIC)
        || matches!(
            word,
            "Dr" | "dr"
                | "Prof"
                | "prof"
                | "Professor"
                | "Sir"
                | "Ing"
                | "Avv"
                | "Mag"
                | "mgr"
                | "Mgr"
                | "inż"
                | "Dra"
                | "Eng"
        )
        || lower.starts_with("dipl.-")
        || is_school(word)
}

pub(crate) fn is_degree(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    matches!(
        bare.as_str(),
        "mba"
            | "msc"
            | "m.sc"
            | "bsc"
            | "b.sc"
            | "ph.d"
            | "phd"
            | "ma"
            | "m.a"
            | "ba"
            | "b.a"
            | "b.eng"
            | "m.eng"
            | "cpa"
            | "jr"
            | "sr"
            | "ll.m"
            | "llm"
            | "csc"
            | "esq"
            | "pe"
            | "cfa"
            | "b.eng."
            | "mbe"
            | "obe"
            | "cbe"
            | "fh"
            | "md"
            | "m.d"
            | "do"
            | "d.o"
            | "dds"
            | "d.d.s"
            | "dmd"
            | "rn"
            | "r.n"
            | "ra"
            | "j.d"
            | "jd"
            | "mph"
            | "dis"
            | "cid"
    )
}

/// Whether a word starts with a capital and goes on in letters.
fn is_capital(word: &str) -> bool {
    let letters = word.trim_start_matches(['\'', '’']);
    let letters = ["d'", "d’", "al-", "el-", "o'", "l'"]
        .iter()
        .find_map(|particle| letters.strip_prefix(particle))
        .unwrap_or(letters);
    letters.chars().next().is_some_and(|c| c.is_uppercase() || is_caseless(c))
}

/// Vietnamese given names are as short as words of other languages: `Nguyễn Văn An`.
fn is_short_given(name: &[&str], word: &str) -> bool {
    const FAMILIES: &[&str] = &[
        "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
        "dương", "lý", "đinh", "trịnh", "mai", "đào", "đoàn", "lâm", "trương",
    ];
    name.len() >= 2
        && name.first().is_some_and(|family| FAMILIES.contains(&family.to_lowercase().as_str()))
        && (2..=6).contains(&word.chars().count())
        && is_capital(word)
        && word.chars().all(char::is_alphabetic)
}

fn is_part(word: &str, at: usize) -> bool {
    let lower = word.to_lowercase();
    let bare = lower.trim_end_matches(['.', ',']);
    let letters =
        word.chars().all(|c| c.is_alphabetic() || is_mark(c) || matches!(c, '-' | '\'' | '’' | '.' | '‑' | 'ʼ' | '`'));
    if !letters || word.ends_with('-') || word.starts_with('-') {
        return false;
    }
    if is_capital(word) {
        let count = bare.chars().count();
        let initial = count == 1 || (word.contains('.') && word.chars().filter(|c| c.is_alphabetic()).count() <= 3);
        // Compounds with a dot within are abbreviations.
        return (initial || !bare.contains('.'))
            && !NOT_NAMES.contains(bare)
            // `Muster Verwaltungs-GmbH`
            && !bare.rsplit_once('-').is_some_and(|(_, end)| NOT_NAMES.contains(end))
            && (count <= 2 || !titles::is_word(bare) || (at > 0 && is_family(bare)));
    }
    at > 0 && PARTICLES.contains(&bare) || at == 0 && matches!(bare, "von" | "van" | "de" | "di" | "da" | "al")
}

/// Family names that are jobs as well.
fn is_family(word: &str) -> bool {
    matches!(
        word,
        "meister"
            | "baker"
            | "leiter"
            | "planer"
            | "chef"
            | "head"
            | "architekt"
            | "capo"
            | "trainer"
            | "berater"
            | "dg"
            | "socha"
            | "tischler"
            | "hofmeister"
            | "baumeister"
            | "lehmeister"
            | "burgmeister"
            | "waldmeister"
            | "chandler"
    )
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{94d}')
}
